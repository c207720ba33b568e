// How the night grows with machines and with tenants.
//
//   npm run bench:scaling [-- --tenants 400 --seed 1 --state DIR --sizes 1000,10000,100000,1000000,10000000]
//
// speedup2: seconds of one night with one worker over seconds with two, each worker on one processor of its own with one thread
// for small runs. PostgreSQL and Redis are held to the processors that the workers have: it is a machine of one processor
// against one of two. The fleet's largest tenant is left out: it has its place among the points.
// growthExponent: slope of log(CPU seconds of a run) over log(interactions) for single tenants; workers, PostgreSQL and Redis.
// Of the smaller sizes there are several tenants, and the mean counts. Progress on stderr, one JSON object as the last line.
import { execFileSync } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { FleetPlatform, say } from './fleet/fleet-platform.ts';
import { rounded, runNight, type NightMeasured } from './fleet/run-night.ts';
import { addSizedTenant, shapeOf } from './fleet/sized-tenants.ts';

const BARS = { speedup2: 1.8, growthExponent: 1.1 };
/** Rows of one size altogether: enough for its CPU time to be more than noise. */
const ROWS_PER_SIZE = 200_000;
const MOST_OF_A_SIZE = 40;
const WITHOUT_CLOCKS = { PLAN_MS: '0', ATTRIBUTE_MS: '0', MAINTAIN_MS: '0' };

const { values } = parseArgs({
  options: {
    tenants: { type: 'string', default: '400' },
    seed: { type: 'string', default: '1' },
    state: { type: 'string' },
    sizes: { type: 'string', default: '1000,10000,100000,1000000,10000000' },
  },
});
const tenants = Number(values.tenants);
const sizes = values.sizes.split(',').filter(Boolean).map(Number);

const platform = await FleetPlatform.start(values.state && path.resolve(values.state));
try {
  const result = await measure();
  process.stdout.write(`${JSON.stringify(result)}\n`);
  process.exitCode = result.ok ? 0 : 1;
} finally {
  await platform.close();
}

async function measure() {
  const nights = tenants > 0 ? await measureWorkers() : undefined;
  const speedup2 = nights && rounded(nights.one.nightSeconds / nights.two.nightSeconds);
  const points = await measureSizes();
  const growthExponent = points.length > 1 ? rounded(slope(points)) : undefined;
  return {
    bench: 'scaling',
    date: new Date().toISOString(),
    node: process.version,
    cpus: os.availableParallelism(),
    tenants,
    ...{ speedup2, growthExponent, points, nights, services: 'on the processors of the workers', bars: BARS },
    ok:
      (speedup2 === undefined || speedup2 >= BARS.speedup2) &&
      (growthExponent === undefined || growthExponent <= BARS.growthExponent),
  };
}

async function measureWorkers(): Promise<{ one: NightMeasured; two: NightMeasured }> {
  const count = String(tenants + 1);
  await platform.cli('simulate', '--tenants', count, '--profile', 'mixed', '--seed', values.seed);
  const slugs = Array.from({ length: tenants }, (_, n) => `sim-${String(n + 2).padStart(4, '0')}`);
  const one = await night(slugs, [0]);
  const two = await night(slugs, [0, 1]);
  return { one, two };
}

async function measureSizes(): Promise<{ interactions: number; cpuSeconds: number; seconds: number }[]> {
  const points = [];
  for (const interactions of sizes) {
    const shape = shapeOf(interactions);
    const count = Math.min(MOST_OF_A_SIZE, Math.max(1, Math.round(ROWS_PER_SIZE / interactions)));
    const slugs = Array.from({ length: count }, (_, n) => `sized-${interactions}-${n + 1}`);
    for (const slug of slugs) await addSizedTenant(platform.admin, slug, shape);
    say(`${count} tenant(s) of ${interactions} interactions are there`);
    const { cpuSeconds, p50RunSeconds, peakRssMb, outcomes } = await night(slugs);
    const point = { ...shape, cpuSeconds: rounded(cpuSeconds / count), seconds: p50RunSeconds };
    points.push({ ...point, peakRssMb: peakRssMb.worker1, outcomes });
  }
  return points;
}

/** @param processors one for each worker, which has one thread then; absent: a worker as it comes */
async function night(slugs: readonly string[], processors?: readonly number[]): Promise<NightMeasured> {
  await platform.forgetNights();
  await platform.admin.query('ANALYZE');
  await platform.admin.query('CHECKPOINT');
  const all = Array.from({ length: os.availableParallelism() }, (_, processor) => processor);
  for (const service of ['postgres', 'redis'] as const)
    platform.family(service).forEach((pid) => pin(pid, processors ?? all));
  const single = { ...WITHOUT_CLOCKS, WORKER_SLOTS: '2', WORKER_THREADS: '1' };
  const workers =
    processors === undefined
      ? [await platform.startWorker(WITHOUT_CLOCKS)]
      : await Promise.all(processors.map((processor) => platform.startWorker(single, processor)));
  try {
    const measured = await runNight(platform, workers, slugs);
    if (measured.failed > 0)
      throw new Error(`${measured.failed} runs failed: ${JSON.stringify(measured.outcomes)}`);
    return measured;
  } finally {
    await platform.stopWorkers();
  }
}

function pin(pid: number, processors: readonly number[]): void {
  execFileSync('taskset', ['-acp', processors.join(','), String(pid)], { stdio: 'ignore' });
}

/** Least squares over logarithms. */
function slope(points: readonly { interactions: number; cpuSeconds: number }[]): number {
  const xs = points.map(({ interactions }) => Math.log(interactions));
  const ys = points.map(({ cpuSeconds }) => Math.log(cpuSeconds));
  const mean = (of: readonly number[]) => of.reduce((sum, value) => sum + value, 0) / of.length;
  const [x, y] = [mean(xs), mean(ys)];
  const covariance = xs.reduce((sum, value, i) => sum + (value - x) * (ys[i] - y), 0);
  return covariance / xs.reduce((sum, value) => sum + (value - x) ** 2, 0);
}
