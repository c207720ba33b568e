// `npm test`: every check, all of them even when one fails, so that one look shows all there is to do. Jest goes last,
// because its summary is the last line.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import process from 'node:process';
import { runQuietly, say, timed } from './bootstrap/run.mjs';

const node = process.execPath;
const jestArguments = process.argv.slice(2);

const STEPS = [
  { label: 'format', args: ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.'] },
  { label: 'lint', args: ['node_modules/eslint/bin/eslint.js', '--max-warnings=0', '.'] },
  {
    label: 'import rules',
    args: [
      'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
      '--config',
      '.dependency-cruiser.js',
      'apps',
      'libs',
    ],
    applies: () => existsSync('.dependency-cruiser.js'),
  },
  { label: 'types', args: ['node_modules/typescript7/bin/tsc', '--noEmit', '-p', 'tsconfig.json'] },
  {
    label: 'types of the console',
    args: ['node_modules/typescript7/bin/tsc', '--noEmit', '-p', 'apps/console/tsconfig.json'],
  },
];

function jest() {
  return new Promise((resolve) => {
    const args = [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      'node_modules/jest/bin/jest.js',
    ];
    const child = spawn(node, [...args, ...jestArguments], { stdio: 'inherit' });
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
    child.on('error', () => resolve(1));
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

const failed = [];
// With arguments somebody looks for one test and wants it now.
for (const { label, args, applies = () => true } of jestArguments.length > 0 ? [] : STEPS) {
  if (!applies()) continue;
  try {
    await timed(label, () => runQuietly(node, args, process.env));
  } catch (error) {
    failed.push(label);
    say(error.output ?? error.message);
  }
}
if (failed.length > 0) say(`✘ failed before the tests: ${failed.join(', ')}`);
const jestCode = await jest();
process.exitCode = jestCode !== 0 ? jestCode : failed.length > 0 ? 1 : 0;
