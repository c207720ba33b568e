// `npm run nightshift -- <command>`: the command line, with the services it needs.
//
// Joins a running `npm start`, or whatever the environment names, else brings PostgreSQL and Redis up for the length of
// the command.
import { spawn } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { CLI_SCRIPT } from './launcher/demo.ts';
import { readLivingRecord } from './launcher/launcher-record.ts';
import { ROOT } from './launcher/platform.ts';
import { needsServices } from './needs-services.ts';
import { provisionDatabase } from './provision.ts';
import { startServices, type Services } from './services/services.ts';

const args = process.argv.slice(2);
const stateDir = path.resolve(process.env.STATE_DIR || path.join(ROOT, '.nightshift'));

async function environment(): Promise<{ env: Record<string, string>; services?: Services }> {
  // All of it given: somebody else provisioned the database.
  if (!needsServices(args) || process.env.PLATFORM_DATABASE_URL) return { env: {} };
  const living = readLivingRecord(stateDir);
  if (living?.environment.DATABASE_URL) return { env: living.environment };
  const report = (message: string): void => void process.stderr.write(`${message}\n`);
  const services = await startServices({ stateDir, report });
  try {
    const logins = await provisionDatabase(services.databaseUrl, { stateDir });
    const env = {
      DATABASE_URL: logins.app,
      PLATFORM_DATABASE_URL: logins.platform,
      SERVING_DATABASE_URL: logins.serving,
      ACCOUNTS_DATABASE_URL: logins.accounts,
      REDIS_URL: services.redisUrl,
      STATE_DIR: stateDir,
    };
    return { env, services };
  } catch (error) {
    await services.stop();
    throw error;
  }
}

function runCli(env: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--enable-source-maps', path.join(ROOT, CLI_SCRIPT), ...args], {
      stdio: 'inherit',
      env: { ...process.env, STATE_DIR: stateDir, ...env },
    });
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(signal ? 130 : (code ?? 1)));
  });
}

try {
  const { env, services } = await environment();
  try {
    process.exitCode = await runCli(env);
  } finally {
    await services?.stop();
  }
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
