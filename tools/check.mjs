// `npm test`: every check, all of them even when one fails, so that one look shows all there is to do. Three lanes side by
// side take one run of tests after the other: each waits a good part of its time. The sum of all is the last line.
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

/** How long a run may take to end after it has counted its tests: stopping servers takes seconds. */
const END_MS = 60_000;

/** A connection left open must not keep everybody waiting: it is said, the run ended, and what it counted stands. */
function endOnceCounted(child, tally, resolve) {
  let counted;
  const timer = setInterval(() => {
    if (!existsSync(tally)) return;
    counted ??= Date.now();
    if (Date.now() - counted < END_MS) return;
    clearInterval(timer);
    say(`✘ ${path.basename(tally)}: something was left open, the run did not end by itself`);
    child.kill('SIGKILL');
    resolve(JSON.parse(readFileSync(tally, 'utf8')).failed > 0 ? 1 : 0);
  }, 1_000);
  child.on('close', () => clearInterval(timer));
}

/** The longest first, so that all lanes end at about the same time; each has servers of its own, where it needs any. */
const RUNS = [
  { name: 'integration 1', args: ['--selectProjects', 'integration', '--shard=1/2'] },
  { name: 'integration 2', args: ['--selectProjects', 'integration', '--shard=2/2'], isQuiet: true },
  { name: 'browser', args: ['--selectProjects', 'browser'], isQuiet: true },
  { name: 'unit', args: ['--selectProjects', 'unit'], isQuiet: true },
  { name: 'e2e 1', args: ['--selectProjects', 'e2e', '--shard=1/2'], isQuiet: true },
  { name: 'e2e 2', args: ['--selectProjects', 'e2e', '--shard=2/2'], isQuiet: true },
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
    if (tally !== undefined) endOnceCounted(child, tally, resolve);
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
  const waiting = [...RUNS];
  const tallies = [];
  const codes = [];
  const failed = [];
  /** Whoever is free takes the next. */
  const lane = async () => {
    for (let run = waiting.shift(); run !== undefined; run = waiting.shift()) {
      const tally = path.join(folder, run.name);
      tallies.push(tally);
      codes.push(await jest(run.args, { tally, isQuiet: run.isQuiet }));
    }
  };
  const beside = async () => {
    failed.push(...(await staticChecks()));
    await lane();
  };
  try {
    await Promise.all([lane(), lane(), beside()]);
    if (failed.length > 0) say(`✘ failed beside the tests: ${failed.join(', ')}`);
    const { passed, failed: failures, skipped } = total(tallies);
    process.stdout.write(`Tests: ${passed} passed, ${failures} failed, ${skipped} skipped\n`);
    return codes.find((code) => code !== 0) ?? (failed.length > 0 ? 1 : 0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

// With arguments somebody looks for one test and wants it now.
process.exitCode = jestArguments.length > 0 ? await jest(jestArguments) : await everything();
