// The night of a mixed fleet on this machine, from planning to the last published list.
//
//   npm run bench:fleet -- --tenants 4000 [--seed 1] [--state DIR [--fill]] [--workers 1] [--only sim-0001,sim-0002]
//
// The fleet comes from `nightshift simulate` (see there for sizes and disk), the night from the worker as in production,
// with a PostgreSQL and a Redis of their own. With --state a filled fleet is kept and used again; what earlier nights have
// left in it is forgotten first, and migrations that have come since are applied. --fill ends once the fleet is filled: the night
// is for another time. Progress on stderr, one JSON object as the last line of stdout; exit code 1 when a bar is
// missed.
//
// cpuSeconds: workers, PostgreSQL with all its backends, and Redis, user and system, while the night lasts.
// kernelCpuSeconds: what the product itself measures (`nightshift_kernel_cpu_seconds_total`): CPU time of the thread inside
// the algorithms: matrices and features in typed arrays, training, scoring, calibration, evaluation, the intervals of verdicts,
// ranking and re-ranking; `kernelOf` says how much of each. Outside of it, and therefore overhead: reading rows, the snapshot,
// packing of lists, profiles, files, hashes, SQL, queues, locks, compilation, garbage collection elsewhere, start-up.
import { readdirSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { FleetPlatform, say } from './fleet/fleet-platform.ts';
import { rounded, runNight } from './fleet/run-night.ts';

const BARS = { nightSeconds: 3_600, overheadRatio: 1.5, late: 0, failed: 0 };

const { values } = parseArgs({
  options: {
    tenants: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    workers: { type: 'string', default: '1' },
    state: { type: 'string' },
    only: { type: 'string' },
    fill: { type: 'boolean', default: false },
  },
});

const platform = await FleetPlatform.start(values.state && path.resolve(values.state));
try {
  const filled = await fill();
  const result = values.fill ? { ...filled, ok: true } : await measure(filled);
  process.stdout.write(`${JSON.stringify(result)}\n`);
  process.exitCode = result.ok ? 0 : 1;
} finally {
  await platform.close();
}

async function fill() {
  const simulatedAt = performance.now();
  await platform.cli('simulate', '--tenants', values.tenants, '--profile', 'mixed', '--seed', values.seed);
  const simulateSeconds = rounded((performance.now() - simulatedAt) / 1000);
  const { interactions } = await count('SELECT count(*)::integer AS interactions FROM interaction');
  const { tenants } = await count('SELECT count(*)::integer AS tenants FROM tenant');
  say(`${tenants} tenants with ${interactions} interactions are there`);
  return { bench: 'fleet', tenants, interactions, simulateSeconds };
}

async function measure({ bench, ...filled }: Awaited<ReturnType<typeof fill>>) {
  await platform.forgetNights();
  // A night does not begin in the middle of a bulk load: what the load has left to be written is written.
  await platform.admin.query('ANALYZE');
  await platform.admin.query('CHECKPOINT');
  const workers = [];
  for (let number = 0; number < Number(values.workers); number++)
    workers.push(await platform.startWorker({ PLAN_MS: '0', ATTRIBUTE_MS: '0', MAINTAIN_MS: '0' }));
  const night = await runNight(platform, workers, values.only?.split(','));
  const overheadRatio = rounded(night.cpuSeconds / night.kernelCpuSeconds);
  const measured = { ...night, overheadRatio };
  return {
    bench,
    date: new Date().toISOString(),
    node: process.version,
    cpus: os.availableParallelism(),
    ...filled,
    ...measured,
    diskMb: Math.round(diskBytes(platform.stateDir) / 2 ** 20),
    bars: BARS,
    ok: (Object.keys(BARS) as (keyof typeof BARS)[]).every((bar) => measured[bar] <= BARS[bar]),
  };
}

async function count(query: string): Promise<Record<string, number>> {
  const { rows } = await platform.admin.query<Record<string, number>>(query);
  return rows[0];
}

/** Blocks that files take. */
function diskBytes(folder: string): number {
  let bytes = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const place = path.join(folder, entry.name);
    if (entry.isDirectory()) bytes += diskBytes(place);
    else bytes += 512 * (statSync(place, { throwIfNoEntry: false })?.blocks ?? 0);
  }
  return bytes;
}
