// What lies between installed packages and a runnable tree: the database client, the build and the console.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root, stampDir } from './paths.mjs';
import { runQuietly, timed, toolEnvironment } from './run.mjs';

const SOURCE = /\.(ts|tsx|json|prisma|proto|css|html|svg)$|\.swcrc$/;

const NODE_APPS = ['apps/api', 'apps/serving', 'apps/worker', 'apps/cli'];

function* filesBelow(entry) {
  const stat = statSync(entry, { throwIfNoEntry: false });
  if (!stat) return;
  if (!stat.isDirectory()) {
    yield [entry, stat];
    return;
  }
  for (const name of readdirSync(entry).sort()) {
    if (name !== 'node_modules' && name !== 'dist') yield* filesBelow(path.join(entry, name));
  }
}

/** Names, sizes and times of the inputs: a few milliseconds, where reading them all would take a hundred. */
export function fingerprint(base, inputs) {
  const hash = createHash('sha256');
  for (const input of inputs) {
    for (const [file, stat] of filesBelow(path.join(base, input))) {
      if (SOURCE.test(file)) hash.update(`${path.relative(base, file)} ${stat.size} ${stat.mtimeMs}\n`);
    }
  }
  return hash.digest('hex');
}

function step({ name, label, inputs, outputs, applies = () => true, command }) {
  const stampFile = path.join(stampDir, `${name}.stamp`);
  const stamp = () => (existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : undefined);
  return {
    name,
    isNeeded: () =>
      applies() &&
      (!outputs().every((file) => existsSync(path.join(root, file))) ||
        stamp() !== fingerprint(root, inputs())),
    async run(node) {
      if (!applies()) return;
      // Taken before the work: what changes meanwhile must count as changed.
      const before = fingerprint(root, inputs());
      await timed(label, () => runQuietly(node, command(), stepEnvironment(node)));
      mkdirSync(stampDir, { recursive: true });
      writeFileSync(stampFile, before);
    },
  };
}

// `prisma generate` looks for an engine unless told where one is (see prisma/environment.mjs, which needs Node 24's PATH).
function stepEnvironment(node) {
  return {
    ...toolEnvironment(node),
    PRISMA_SCHEMA_ENGINE_BINARY: path.join(root, 'tools/schema-engine.mjs'),
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
  };
}

const projects = () => JSON.parse(readFileSync(path.join(root, 'nest-cli.json'), 'utf8')).projects;

/** In order: the build compiles what the generator wrote. */
export function buildSteps() {
  return [
    step({
      name: 'generate',
      label: 'database client generated',
      applies: () => existsSync(path.join(root, 'prisma/schema')),
      inputs: () => ['prisma/schema', 'prisma.config.ts', 'package-lock.json'],
      outputs: () => ['libs/persistence/src/generated'],
      command: () => ['node_modules/prisma/build/index.js', 'generate'],
    }),
    step({
      name: 'build',
      label: 'built',
      // The console is no project of Nest's: what changes there is built by the next step alone.
      inputs: () => [...NODE_APPS, 'libs', 'nest-cli.json', '.swcrc', 'tsconfig.json', 'package-lock.json'],
      outputs: () =>
        Object.values(projects()).map(({ sourceRoot, entryFile }) => `dist/${sourceRoot}/${entryFile}.js`),
      command: () => ['node_modules/@nestjs/cli/bin/nest.js', 'build', '--all'],
    }),
    step({
      name: 'console',
      label: 'console built',
      applies: () => existsSync(path.join(root, 'apps/console')),
      inputs: () => ['apps/console', 'package-lock.json'],
      outputs: () => ['dist/apps/console/index.html'],
      command: () => [
        ...['node_modules/vite/bin/vite.js', 'build', 'apps/console'],
        ...['--config', 'apps/console/vite.config.ts', '--logLevel', 'warn'],
      ],
    }),
  ];
}
