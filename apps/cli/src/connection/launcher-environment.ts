import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Environment } from '#libs/config';

const JOINABLE = ['DATABASE_URL', 'PLATFORM_DATABASE_URL'] as const;
/** Few commands need it. */
const ALSO_JOINED = ['ACCOUNTS_DATABASE_URL'] as const;

/**
 * The environment with the databases of a platform that runs on this machine, where it names none itself: the launcher
 * keeps its addresses in the state directory.
 * @throws Error when neither names a database
 */
export async function joinLauncher(environment: Environment): Promise<Environment> {
  if (JOINABLE.every((name) => environment[name] !== undefined)) return environment;
  const recorded = await readLauncherEnvironment(environment.STATE_DIR);
  const joined = Object.assign(new Environment(), environment);
  for (const name of [...JOINABLE, ...ALSO_JOINED]) joined[name] ??= recorded[name];
  const missing = JOINABLE.filter((name) => joined[name] === undefined);
  if (missing.length === 0) return joined;
  throw new Error(
    `No database to work on: set ${missing.join(' and ')}, or start the platform with npm start.`,
  );
}

/** Empty when nothing was launched here, or when it has been stopped since. */
async function readLauncherEnvironment(stateDir: string): Promise<Partial<Record<string, string>>> {
  try {
    const record = JSON.parse(await readFile(path.join(stateDir, 'launcher.json'), 'utf8')) as {
      environment?: Partial<Record<string, string>>;
    };
    return record.environment ?? {};
  } catch {
    return {};
  }
}
