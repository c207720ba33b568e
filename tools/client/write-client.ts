// Writes what both programs say of themselves into libs/client, and the types that follow from it. npm run client:generate; a test
// fails when the descriptions have changed and nobody has run this.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, stateDir } from '../bootstrap/paths.mjs';

const CLIENT = path.join(root, 'libs/client');
/** In a folder of its own: it wants an older compiler than the project has. */
const GENERATOR = { 'openapi-typescript': '7.13.0', typescript: '5.9.3' };
const NOBODY = 'postgresql://nobody@127.0.0.1:1/none';

interface App {
  init(): Promise<unknown>;
  close(): Promise<void>;
  inject(url: string): Promise<{ json(): object }>;
}

const temporary = mkdtempSync(path.join(tmpdir(), 'nightshift-client-'));
try {
  // Neither is asked for: describing needs no database.
  Object.assign(process.env, {
    ...{
      DATABASE_URL: NOBODY,
      SERVING_DATABASE_URL: NOBODY,
      ACCOUNTS_DATABASE_URL: NOBODY,
      PLATFORM_DATABASE_URL: NOBODY,
      STATE_DIR: temporary,
      LOG_LEVEL: 'silent',
    },
  });
  delete process.env.REDIS_URL;
  await import('reflect-metadata');
  await describe('serving', 'createServing');
  await describe('api', 'createApi');
} finally {
  rmSync(temporary, { recursive: true, force: true });
}

async function describe(name: string, creator: string): Promise<void> {
  const file = path.join(root, `dist/apps/${name}/src/create-${name}.js`);
  const module = (await import(pathToFileURL(file).href)) as Record<string, () => Promise<App>>;
  const app = await module[creator]();
  await app.init();
  const document = (await app.inject('/docs/openapi.json')).json();
  await app.close();
  const description = path.join(CLIENT, 'openapi', `${name}.json`);
  mkdirSync(path.dirname(description), { recursive: true });
  writeFileSync(description, `${JSON.stringify(document, null, 2)}\n`);
  const types = path.join(CLIENT, `src/generated/${name}.ts`);
  run(process.execPath, [generator(), description, '--output', types]);
}

function generator(): string {
  const folder = path.join(stateDir, 'client-generator');
  const program = path.join(folder, 'node_modules/openapi-typescript/bin/cli.js');
  const wanted = JSON.stringify({ private: true, dependencies: GENERATOR });
  const manifest = path.join(folder, 'package.json');
  let installed: string | undefined;
  try {
    installed = readFileSync(manifest, 'utf8');
  } catch {
    // Not there yet.
  }
  if (installed === wanted) return program;
  mkdirSync(folder, { recursive: true });
  writeFileSync(manifest, wanted);
  run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', folder]);
  return program;
}

function run(program: string, args: readonly string[]): void {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  if (error || status !== 0)
    throw new Error(`${program} ${args.join(' ')}\n${error?.message ?? stdout + stderr}`);
}
