// A whole fleet's night while everything fails: workers killed and frozen, Redis emptied, Postgres restarted, the disk of the
// lists full. Every run must end once, and with the right lists. npm run chaos:fleet -- --tenants 400 --seed 1
// Progress on stderr, one JSON object as the last line. Needs root, for a small disk of its own (tmpfs).
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { PostgresRunRepository } from '#libs/persistence';
import { createRandom } from '#libs/algorithms';
import { SmallDisk } from './chaos/full-disk.ts';
import { freezePastLease, type StaleWriters } from './chaos/stale-writers.ts';
import { forgetNights, PUBLICATION_AUDIT, servedBy, storedTruth } from './chaos/stored-truth.ts';
import type { AppProcess } from './platform/app-process.ts';
import { FleetPlatform } from './platform/fleet-platform.ts';
import { addSmallTenants, type SmallTenant } from './platform/small-tenants.ts';
import { say } from './platform/test-platform.ts';

const { values } = parseArgs({
  options: {
    tenants: { type: 'string', default: '400' },
    seed: { type: 'string', default: '1' },
    workers: { type: 'string', default: '3' },
    'kill-every': { type: 'string', default: '5' },
  },
});
const TENANTS = Number(values.tenants);
const SEED = Number(values.seed);
const WORKERS = Number(values.workers);
const KILL_EVERY_MS = 1_000 * Number(values['kill-every']);
const SAMPLE = Math.min(20, TENANTS);
const LEASE_MS = 3_000;
const DISK_MB = 64 + Math.ceil(TENANTS / 2);
/** At least so long, and until it shows in the runs. */
const DISK_FULL_MS = 6_000;
const DISK_FULL_AT_MOST_MS = 60_000;

if (process.getuid?.() !== 0) {
  say('A small disk that can be filled has to be mounted, and only root may do that: run this as root.');
  process.exit(2);
}

const faults = { kills: 0, freezes: 0, flushes: 0, postgresRestarts: 0, fullDisks: 0 };
const stale: StaleWriters[] = [];
const fullDiskErrors = new Map<string, string>();
const spared = new Set<AppProcess>();
const random = createRandom(SEED);
const platform = await FleetPlatform.start();
const disk = SmallDisk.mount(path.join(platform.stateDir, 'lists'), DISK_MB);
try {
  const result = await disturbedNight();
  process.stdout.write(`${JSON.stringify(result)}\n`);
  process.exitCode = result.ok ? 0 : 1;
} finally {
  await platform.close(() => disk.unmount()).finally(() => disk.unmount());
}

async function disturbedNight() {
  const tenants = await addSmallTenants(platform.adminUrl, TENANTS, SEED);
  await platform.query(PUBLICATION_AUDIT);
  say(`${TENANTS} tenants are there`);
  for (let n = 0; n < WORKERS; n++) {
    const worker = await platform.addWorker({
      ...{ LEASE_MS: String(LEASE_MS), POLL_MS: '200', WORKER_SLOTS: '2', WORKER_THREADS: '1' },
    });
    worker.start();
  }
  await Promise.all(platform.workers.map((worker) => worker.untilReady()));
  const startedAt = performance.now();
  await requestRuns(tenants);
  const over = new AbortController();
  const killing = killWorkers(over.signal);
  await strikeAsItGoes();
  await untilFinished(TENANTS);
  const seconds = (performance.now() - startedAt) / 1000;
  over.abort();
  await killing;
  const truth = await storedTruth(platform, tenants);
  const sample = await compareWithUndisturbed(tenants);
  const sum = (of: (one: StaleWriters) => number) => stale.reduce((total, one) => total + of(one), 0);
  const staleWriters = {
    takenOver: sum((one) => one.takenOver),
    refusedWrites: sum((one) => one.refusedWrites),
    refusedPublishes: sum((one) => one.refusedPublishes),
  };
  const { problems, lists, mostAttempts, wrongLists, staleWriterPublishes, ...counts } = truth;
  const result = {
    ...counts,
    staleWriterPublishes: staleWriterPublishes + sum((one) => one.acceptedPublishes),
    wrongLists: wrongLists + sample.different,
    faults,
    staleWriters,
    fullDisk: { runs: fullDiskErrors.size, error: [...fullDiskErrors.values()].at(0) ?? null },
    ...{ lists, comparedWithUndisturbed: sample.compared, mostAttempts },
    seconds: Math.round(seconds),
    ...(problems.length === 0 ? {} : { problems }),
  };
  return { ...result, ok: isProved(result) };
}

function isProved(result: {
  readonly runs: number;
  readonly finishedOnce: number;
  readonly lost: number;
  readonly doublePromotions: number;
  readonly staleWriterPublishes: number;
  readonly wrongLists: number;
  readonly staleWriters: { readonly takenOver: number; readonly refusedWrites: number };
  readonly fullDisk: { readonly runs: number };
  readonly comparedWithUndisturbed: number;
}): boolean {
  const { lost, doublePromotions, staleWriterPublishes, wrongLists, staleWriters } = result;
  const allFinished = result.runs === TENANTS && result.finishedOnce === TENANTS;
  // A fault that did not happen proves nothing.
  const struck =
    faults.kills > 0 &&
    faults.freezes > 0 &&
    faults.flushes === 2 &&
    faults.postgresRestarts === 2 &&
    result.fullDisk.runs > 0;
  const refused = staleWriters.takenOver > 0 && staleWriters.refusedWrites === staleWriters.takenOver;
  const clean = lost + doublePromotions + staleWriterPublishes + wrongLists === 0;
  return allFinished && struck && refused && clean && result.comparedWithUndisturbed === SAMPLE;
}

async function requestRuns(tenants: readonly SmallTenant[]): Promise<void> {
  const runs = new PostgresRunRepository(platform.tenants);
  const night = new Date().toISOString().slice(0, 10);
  for (const { id } of tenants)
    await runs.requestManual(id, {
      night,
      seed: 1,
      templateVersion: 1,
      requestedBy: 'proof',
      reason: undefined,
    });
}

/** One after the other, when so many of the fleet's runs have ended. */
async function strikeAsItGoes(): Promise<void> {
  const strikes: readonly [number, string, () => Promise<void>][] = [
    [0.05, 'a worker frozen', freeze],
    [0.15, 'Redis emptied', flush],
    [0.25, 'Postgres restarted', () => restart(false)],
    [0.35, 'a worker frozen', freeze],
    [0.45, 'the disk full', fillDisk],
    [0.6, 'Redis emptied', flush],
    [0.7, 'Postgres crashed', () => restart(true)],
  ];
  for (const [share, what, strike] of strikes) {
    await untilFinished(Math.floor(share * TENANTS));
    say(`${Math.round(100 * share)} % done: ${what}`);
    await strike();
  }
}

async function flush(): Promise<void> {
  await platform.flushRedis();
  faults.flushes++;
}

async function restart(hard: boolean): Promise<void> {
  await platform.restartPostgres(hard);
  faults.postgresRestarts++;
}

/** Until one of them is caught at work, or there is no more of it. */
async function freeze(): Promise<void> {
  for (let attempt = 0; (await finishedRuns()) !== TENANTS; attempt++) {
    const worker = platform.workers[attempt % WORKERS];
    spared.add(worker);
    try {
      const seen = worker.runs ? await freezePastLease(platform, worker) : undefined;
      if (seen !== undefined) {
        stale.push(seen);
        faults.freezes++;
        say(`frozen past its lease: ${JSON.stringify(seen)}`);
        return;
      }
    } finally {
      spared.delete(worker);
    }
    await sleep(200);
  }
}

async function fillDisk(): Promise<void> {
  const startedAt = Date.now();
  try {
    for (;;) {
      // What failed gives its part back: it is taken at once.
      disk.fill();
      await noteFullDiskErrors();
      const passed = Date.now() - startedAt;
      if ((passed > DISK_FULL_MS && fullDiskErrors.size > 0) || passed > DISK_FULL_AT_MOST_MS) break;
      await sleep(50);
    }
  } finally {
    disk.empty();
  }
  faults.fullDisks++;
  say(`${fullDiskErrors.size} runs said that the disk was full`);
}

async function noteFullDiskErrors(): Promise<void> {
  const rows = await platform.query<{ run_id: string; error: string }>(
    `SELECT run_id, error_code || ': ' || error_message AS error FROM run WHERE error_code = 'storageFull'`,
  );
  for (const { run_id, error } of rows) fullDiskErrors.set(run_id, error);
}

async function killWorkers(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await sleep(KILL_EVERY_MS * (0.5 + random.nextFloat()), undefined, { signal }).catch(() => undefined);
    const worker = platform.workers[random.nextInt(WORKERS)];
    if (signal.aborted || spared.has(worker)) continue;
    await worker.end('SIGKILL');
    faults.kills++;
    worker.start();
  }
  for (const worker of platform.workers) if (!worker.runs) worker.start();
}

async function untilFinished(count: number): Promise<void> {
  const end = Date.now() + 300_000 + TENANTS * 5_000;
  let said = 0;
  for (;;) {
    const finished = await finishedRuns();
    if (finished !== undefined && finished >= count) return;
    if (Date.now() > end) return say(`gave up waiting: ${finished} of ${count} runs have ended`);
    if (Date.now() - said > 10_000) {
      said = Date.now();
      say(`${finished} runs have ended, ${faults.kills} workers killed`);
    }
    await sleep(200);
  }
}

async function finishedRuns(): Promise<number | undefined> {
  // Postgres may be the one that was struck.
  const rows = await platform
    .query<{ count: number }>(`SELECT count(*)::integer AS count FROM run WHERE NOT COALESCE(active, false)`)
    .catch(() => undefined);
  return rows?.[0].count;
}

/** The same tenants once more as if for the first time, with nothing going wrong: their files must be the same byte by byte. */
async function compareWithUndisturbed(tenants: readonly SmallTenant[]) {
  const chosen = tenants.filter((_, index) => index % Math.ceil(TENANTS / SAMPLE) === 0).slice(0, SAMPLE);
  const ids = new Set(chosen.map(({ id }) => id));
  const disturbed = (await servedBy(platform)).filter(({ tenant_id }) => ids.has(tenant_id));
  await forgetNights(platform, chosen);
  await requestRuns(chosen);
  await untilFinished(TENANTS);
  const undisturbed = new Map((await servedBy(platform)).map((row) => [row.tenant_id, row.list_sha256]));
  const same = disturbed.filter(({ tenant_id, list_sha256 }) => undisturbed.get(tenant_id) === list_sha256);
  return { compared: disturbed.length, different: disturbed.length - same.length };
}
