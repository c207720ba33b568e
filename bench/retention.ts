// Sixty nights of three small tenants, with imports, feedback, nights that really train and a day's maintenance each: is what they
// need on the disk bounded? npm run proof:retention; progress on stderr, one JSON object as its last line.
// `--nights`, and `--keep` to see that it is not where nothing is removed.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createRandom } from '#libs/algorithms';
import { RETENTION_POLICY, type InteractionRecord, type RetentionPolicy, type Tenant } from '#libs/domain';
import { query, say } from './platform/test-platform.ts';
import { FleetInProcess } from './retention/fleet-in-process.ts';
import { dateFilesOfToday, MovedClock, realNow } from './retention/moved-clock.ts';
import { ROOT } from '../tools/launcher/platform.ts';
import { provisionDatabase } from '../tools/provision.ts';
import { startServices } from '../tools/services/services.ts';

const { values: options } = parseArgs({
  options: { nights: { type: 'string', default: '60' }, keep: { type: 'boolean', default: false } },
});
const NIGHTS = Number(options.nights);
const TENANTS = 3;
const CUSTOMERS = 80;
const PRODUCTS = 40;
const EVENTS_A_DAY = 160;
const SHOWN_A_DAY = 120;
/** Days that fit into sixty; the proportions are those of the policy. Feedback stays 31 days: the window is one day. */
const POLICY: RetentionPolicy = {
  ...RETENTION_POLICY,
  ...{
    runs: 10,
    versions: 20,
    feedback: 14,
    interactions: 28,
    kpis: 30,
    records: 14,
    papers: 7,
    messages: 3,
  },
  audit: 10,
};
/** After so many nights everything that is kept for longest has begun to go. The trail is cut a month late. */
const WARM_UP = 42;
/** Pages, free space and the night's luck with promotions. */
const TOLERATED_GROWTH = 0.05;
const MB = 2 ** 20;
const FOLDERS = ['artifacts', 'lists', 'imports', 'exports', 'spool'];

const stateDir = mkdtempSync(path.join(tmpdir(), 'nightshift-proof-'));
const services = await startServices({
  ...{ stateDir, env: {}, report: say },
  redisProgramDir: path.join(ROOT, '.nightshift', 'redis-server'),
});
try {
  const result = await sixtyNights();
  process.stdout.write(`${JSON.stringify(result)}\n`);
  process.exitCode = result.bounded ? 0 : 1;
} finally {
  await services.stop();
  rmSync(stateDir, { recursive: true, force: true });
}

async function sixtyNights() {
  const logins = await provisionDatabase(services.databaseUrl, { stateDir });
  const clock = await MovedClock.install(services.databaseUrl);
  const keepAll = { ...RETENTION_POLICY, interactions: undefined, messages: 400 };
  const fleet = new FleetInProcess(
    stateDir,
    logins,
    options.keep ? { ...keepAll, quotaCounters: 400 } : POLICY,
  );
  const diskMbAtNight: number[] = [];
  const outcomes: Record<string, number> = {};
  let removed = 0;
  try {
    const tenants: Tenant[] = [];
    for (let n = 0; n < TENANTS; n++) tenants.push(await addTenant(fleet, `shop-${n}`));
    const emptyMb = await diskMb();
    for (let night = 1; night <= NIGHTS; night++) {
      const startedMs = realNow();
      await clock.moveTo(night);
      for (const tenant of tenants) await liveADay(fleet, tenant, night);
      for (const outcome of await fleet.night()) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      for (const tenant of tenants) await fleet.attribute(tenant);
      dateFilesOfToday(
        FOLDERS.map((folder) => path.join(stateDir, folder)),
        startedMs,
      );
      removed += await fleet.maintain();
      // What autovacuum does within a day, here within seconds.
      await query(services.databaseUrl, 'VACUUM (ANALYZE)');
      diskMbAtNight.push(Math.round((await diskMb()) * 100) / 100);
      say(
        `night ${night}: ${diskMbAtNight.at(-1)} MB, ${removed} removed, ${Math.round((realNow() - startedMs) / 100) / 10} s`,
      );
    }
    const rows = await rowsLeft();
    return {
      nights: NIGHTS,
      diskMbAtNight,
      ...judge(diskMbAtNight, emptyMb, removed),
      outcomes,
      rowsLeft: rows,
    };
  } finally {
    await fleet.close();
  }
}

/** Above what an empty fleet takes, so that its share hides nothing. */
function judge(series: readonly number[], emptyMb: number, removed: number) {
  if (series.length < WARM_UP + 2)
    return { growthAfterWarmup: null, bounded: false, warmupNights: WARM_UP, removed };
  const used = series.map((mb) => mb - emptyMb);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const window = Math.floor((used.length - WARM_UP) / 2);
  const [first, last] = [used.slice(WARM_UP, WARM_UP + window), used.slice(-window)];
  const share = (value: number) => Math.round(value * 10_000) / 10_000;
  const growthAfterWarmup = share(mean(last) / mean(first) - 1);
  const growthInWarmup = share(used[19] / used[4] - 1);
  const rest = { emptyMb: Math.round(emptyMb * 100) / 100, warmupNights: WARM_UP, growthInWarmup, removed };
  // The proof is worth something only if there was something to grow, and something to remove.
  const bounded = growthAfterWarmup <= TOLERATED_GROWTH && growthInWarmup > TOLERATED_GROWTH && removed > 0;
  return { growthAfterWarmup, bounded, ...rest };
}

async function addTenant(fleet: FleetInProcess, slug: string): Promise<Tenant> {
  const settings = { attributionWindowDays: 1 };
  const tenant = await fleet.tenants.create({ slug, name: slug, timeZone: 'UTC', currency: 'EUR', settings });
  if (tenant === undefined) throw new Error('The slug is taken.');
  const products = Array.from({ length: PRODUCTS }, (_, n) => ({ productId: `p${n}`, price: 5 + (n % 20) }));
  await fleet.imports.importRecords(tenant, 'products', products);
  for (let day = -27; day <= 0; day++) await importDay(fleet, tenant, day);
  return tenant;
}

/** Three of four purchases come from the customer's own fourth of the catalogue. */
async function importDay(fleet: FleetInProcess, tenant: Tenant, day: number): Promise<void> {
  const random = createRandom(tenant.id * 100_003 + day);
  const events = Array.from({ length: EVENTS_A_DAY }, (_, n): InteractionRecord => {
    const customer = Math.floor(random.nextFloat() * CUSTOMERS);
    const place = Math.floor(PRODUCTS * random.nextFloat() ** 2);
    const product = random.nextFloat() < 0.75 ? place - (place % 4) + (customer % 4) : place;
    return {
      ...{ eventId: `${day}-${n}`, type: 'purchase', customerId: `c${customer}`, productId: `p${product}` },
      ...{ occurredAt: dayAt(day), quantity: 1, unitPrice: 5 + (product % 20), orderId: `o${day}-${n}` },
    };
  });
  await fleet.imports.importRecords(tenant, 'interactions', events);
}

/** The moved day's noon, `day` days after the proof began. */
function dayAt(day: number): Date {
  const today = new Date();
  const base = day > 0 ? today.getTime() : today.getTime() + day * 86_400_000;
  return new Date(base - 3_600_000);
}

async function liveADay(fleet: FleetInProcess, tenant: Tenant, night: number): Promise<void> {
  await importDay(fleet, tenant, night);
  const rows = Array.from({ length: SHOWN_A_DAY }, (_, n) => ({
    ...{ eventId: randomUUID(), kind: n % 6 === 0 ? 'clicked' : 'shown', customerId: `c${n % CUSTOMERS}` },
    ...{
      productId: `p${n % PRODUCTS}`,
      recommendationId: randomUUID(),
      occurredAt: dayAt(night).toISOString(),
    },
  }));
  await fleet.feedback.record(tenant.id, rows);
  const answers = [{ status: 'ok', reason: '', count: SHOWN_A_DAY }];
  await fleet.served.add({ tenantId: tenant.id, nodeId: 'proof', flush: night, at: new Date(), answers });
  await query(
    services.databaseUrl,
    `INSERT INTO public.session (token_sha256, account_id, expires_at)
     SELECT gen_random_uuid()::text, gen_random_uuid(), clock.now() + interval '8 hours' FROM generate_series(1, 20)`,
  );
}

/** Tables with their indices, and files. WAL has its own bound (`max_wal_size`). */
async function diskMb(): Promise<number> {
  const [{ bytes }] = await query<{ bytes: number }>(
    services.databaseUrl,
    'SELECT pg_database_size(current_database())::float8 AS bytes',
  );
  return (bytes + FOLDERS.reduce((sum, folder) => sum + bytesBelow(path.join(stateDir, folder)), 0)) / MB;
}

function bytesBelow(folder: string): number {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .reduce((sum, entry) => sum + statSync(path.join(entry.parentPath, entry.name)).size, 0);
  } catch {
    return 0;
  }
}

async function rowsLeft(): Promise<Record<string, number>> {
  const tables = [
    'run',
    'run_stage',
    'model_version',
    'publication',
    'interaction',
    'impression',
    'outbox',
    'session',
  ];
  const counts = tables.map(
    (name) => `SELECT '${name}' AS name, count(*)::integer AS rows FROM public.${name}`,
  );
  const rows = await query<{ name: string; rows: number }>(services.databaseUrl, counts.join(' UNION ALL '));
  return Object.fromEntries(rows.map(({ name, rows: count }) => [name, count]));
}
