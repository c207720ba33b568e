// `npm test`: every check, all of them even when one fails, so that one look shows all there is to do. Two lanes side by side,
// because either keeps one core busy: what needs PostgreSQL and Redis, and everything else. The sum of both is the last line.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
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

/** @param tally file for the counts, instead of the last line */
function jest(options, { tally, isQuiet = false } = {}) {
  return new Promise((resolve) => {
    const args = [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      'node_modules/jest/bin/jest.js',
    ];
    const env = tally === undefined ? process.env : { ...process.env, JEST_TALLY_FILE: tally };
    const stdio = isQuiet ? ['ignore', 'pipe', 'pipe'] : 'inherit';
    const child = spawn(node, [...args, ...options], { stdio, env });
    const said = [];
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => said.push(chunk));
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
    child.on('error', () => resolve(1));
    child.on('close', (code) => {
      process.stderr.write(Buffer.concat(said));
      resolve(code ?? 1);
    });
  });
}

async function staticChecks() {
  const failed = [];
  for (const { label, args, applies = () => true } of STEPS) {
    if (!applies()) continue;
    try {
      await timed(label, () => runQuietly(node, args, process.env));
    } catch (error) {
      failed.push(label);
      say(error.output ?? error.message);
    }
  }
  return failed;
}

/** What the lanes have counted; one that has left nothing behind has failed as a whole. */
function total(tallies) {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const file of tallies) {
    const counts = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { failed: 1 };
    for (const name of Object.keys(sum)) sum[name] += counts[name] ?? 0;
  }
  return sum;
}

async function everything() {
  const folder = mkdtempSync(path.join(tmpdir(), 'nightshift-tally-'));
  const tallies = ['services', 'others'].map((lane) => path.join(folder, lane));
  try {
    const [servicesCode, [othersCode, failed]] = await Promise.all([
      jest(['--selectProjects', 'integration'], { tally: tallies[0] }),
      staticChecks().then(async (failed) => [
        await jest(['--selectProjects', 'unit', 'browser'], { tally: tallies[1], isQuiet: true }),
        failed,
      ]),
    ]);
    if (failed.length > 0) say(`✘ failed beside the tests: ${failed.join(', ')}`);
    const { passed, failed: failures, skipped } = total(tallies);
    process.stdout.write(`Tests: ${passed} passed, ${failures} failed, ${skipped} skipped\n`);
    return servicesCode || othersCode || (failed.length > 0 ? 1 : 0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

// With arguments somebody looks for one test and wants it now.
process.exitCode = jestArguments.length > 0 ? await jest(jestArguments) : await everything();
