// Nights that are disturbed: the worker killed in every stage, Redis emptied and restarted, Postgres restarted during publish.
// Every run must end once, and with the lists of an undisturbed night. npm run chaos:night; one JSON object as its last line.
import { setTimeout as sleep } from 'node:timers/promises';
import { STAGES } from '#libs/domain';
import { flushRedis } from '../tools/services/redis.ts';
import { createTenant, smallWorldCsv } from './platform/small-world.ts';
import { callJson, query, say, TestPlatform } from './platform/test-platform.ts';

const RUN_DEADLINE_MS = 120_000;
/** A program that dies more than five times a minute is given up by its launcher, and rightly so. */
const PAUSE_BETWEEN_KILLS_MS = 13_000;
/** Long enough to be caught inside, short enough not to matter otherwise. */
const TRAP_SECONDS = 4;

interface Fault {
  readonly tenant: string;
  /** The stage that is held up at its very end, in the transaction that would finish it. */
  readonly stage: string;
  strike(platform: TestPlatform): Promise<void>;
}

const killWorker = async (platform: TestPlatform) => void process.kill(platform.pidOf('worker'), 'SIGKILL');
const faults: readonly Fault[] = [
  ...STAGES.map((stage: string) => ({ tenant: `killed-in-${stage}`, stage, strike: killWorker })),
  {
    tenant: 'redis-emptied',
    stage: 'train',
    strike: async (platform) => {
      await flushRedis(platform.redisUrl);
      await platform.restartRedis();
    },
  },
  { tenant: 'postgres-restarted', stage: 'publish', strike: (platform) => platform.restartPostgres() },
];

const csv = smallWorldCsv(0.05);
const platform = await TestPlatform.start({ LEASE_MS: '3000', POLL_MS: '200', PLAN_MS: '0' });
try {
  const result = await disturbedNights();
  process.stdout.write(`${JSON.stringify(result)}\n`);
  process.exitCode = result.ok ? 0 : 1;
} finally {
  await platform.close();
}

async function disturbedNights() {
  await setUpTraps();
  const reference = await undisturbedLists();
  const outcomes: Awaited<ReturnType<typeof disturbedNight>>[] = [];
  for (const fault of faults) {
    const startedAt = Date.now();
    outcomes.push(await disturbedNight(fault, reference));
    await sleep(Math.max(0, PAUSE_BETWEEN_KILLS_MS - (Date.now() - startedAt)));
  }
  const count = (test: (outcome: (typeof outcomes)[number]) => boolean) => outcomes.filter(test).length;
  const result = {
    runs: outcomes.length,
    finishedOnce: count(({ finishedOnce }) => finishedOnce),
    lost: count(({ status }) => status !== 'succeeded'),
    doublePromotions: count(({ promotions }) => promotions > 1),
    wrongLists: outcomes.reduce((sum, { wrongLists }) => sum + wrongLists, 0),
    faults: outcomes,
  };
  const { runs, finishedOnce, lost, doublePromotions, wrongLists } = result;
  return { ...result, ok: finishedOnce === runs && lost + doublePromotions + wrongLists === 0 };
}

/** Holds a transaction up in which a stage finishes, once for each tenant named: then it is known where the run stands. */
async function setUpTraps(): Promise<void> {
  await query(
    platform.adminUrl,
    `CREATE TABLE chaos_trap (tenant_id integer PRIMARY KEY, stage text NOT NULL);
     GRANT SELECT ON chaos_trap TO nightshift_app;
     CREATE FUNCTION chaos_hold() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN
       IF NEW.status = 'succeeded' AND OLD.attempt = 1
          AND EXISTS (SELECT FROM chaos_trap t WHERE t.tenant_id = NEW.tenant_id AND t.stage = NEW.stage) THEN
         PERFORM pg_sleep(${TRAP_SECONDS});
       END IF;
       RETURN NEW;
     END $$;
     CREATE TRIGGER chaos_hold BEFORE UPDATE ON run_stage FOR EACH ROW EXECUTE FUNCTION chaos_hold();`,
  );
}

async function undisturbedLists(): Promise<Map<string, string>> {
  const token = await createTenant(platform, 'undisturbed', csv);
  await platform.cli('run', '--tenant', 'undisturbed', '--wait');
  return servedLists('undisturbed', token);
}

async function disturbedNight(fault: Fault, reference: Map<string, string>) {
  const token = await createTenant(platform, fault.tenant, csv);
  await query(platform.adminUrl, 'INSERT INTO chaos_trap SELECT id, $2 FROM tenant WHERE slug = $1', [
    fault.tenant,
    fault.stage,
  ]);
  // Watched from the start: on a busy machine the command may come back when the stage has long been let go.
  const requested = platform.cli('run', '--tenant', fault.tenant);
  await untilHeld();
  await fault.strike(platform);
  await requested;
  say(`${fault.tenant}: struck`);
  const { status, attempt } = await untilEnded(fault.tenant);
  const [counts] = await query<{ publications: number; promotions: number; verdicts: number; runs: number }>(
    platform.adminUrl,
    `SELECT (SELECT count(*)::integer FROM publication p WHERE p.tenant_id = t.id) AS publications,
            (SELECT COALESCE(max(revision), 0)::integer FROM serving_pointer s WHERE s.tenant_id = t.id) AS promotions,
            (SELECT count(*)::integer FROM verdict v WHERE v.tenant_id = t.id) AS verdicts,
            (SELECT count(*)::integer FROM run r WHERE r.tenant_id = t.id) AS runs
     FROM tenant t WHERE slug = $1`,
    [fault.tenant],
  );
  const wrongLists = await differingLists(fault.tenant, token, reference);
  const finishedOnce =
    status === 'succeeded' && counts.publications === 1 && counts.verdicts === 1 && counts.runs === 1;
  say(
    `${fault.tenant}: ${status} at attempt ${attempt}, ${counts.publications} publication(s), ${wrongLists} wrong lists`,
  );
  return {
    fault: fault.tenant,
    status,
    attempts: attempt,
    finishedOnce,
    promotions: counts.promotions,
    wrongLists,
  };
}

async function untilHeld(): Promise<void> {
  await until('a stage is held up', async () => {
    const rows = await query(platform.adminUrl, `SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep'`);
    return rows.length > 0 ? true : undefined;
  });
}

function untilEnded(tenant: string): Promise<{ status: string; attempt: number }> {
  return until(`${tenant}'s run ends`, async () => {
    const rows = await query<{ status: string; attempt: number }>(
      platform.adminUrl,
      `SELECT r.status::text, r.attempt FROM run r JOIN tenant t ON t.id = r.tenant_id WHERE t.slug = $1`,
      [tenant],
    ).catch(() => []); // Postgres may be the one that was struck
    return rows.length === 1 && ['succeeded', 'failed'].includes(rows[0].status) ? rows[0] : undefined;
  });
}

async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + RUN_DEADLINE_MS;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`Waited ${RUN_DEADLINE_MS / 1000} s in vain until ${what}.`);
    await sleep(20);
  }
}

/** Every customer's list as the endpoint gives it, without what differs between two calls. */
async function servedLists(tenant: string, token: string): Promise<Map<string, string>> {
  const base = `${platform.platform.record.addresses.serving}/v1/tenants/${tenant}/recommendations`;
  const customers = await query<{ customer_id: string }>(
    platform.adminUrl,
    `SELECT customer_id FROM customer c JOIN tenant t ON t.id = c.tenant_id WHERE t.slug = $1 ORDER BY 1`,
    [tenant],
  );
  await until(`${tenant} is served`, async () => {
    const answer = await callJson<{ status: string }>(
      `${base}/${customers[0].customer_id}?count=1`,
      token,
    ).catch(() => undefined);
    return answer === undefined || answer.status === 'none' ? undefined : answer;
  });
  const lists = new Map<string, string>();
  for (const { customer_id } of customers) {
    const { items } = await callJson<{ items: unknown[] }>(
      `${base}/${encodeURIComponent(customer_id)}?count=100`,
      token,
    );
    lists.set(customer_id, JSON.stringify(items));
  }
  return lists;
}

async function differingLists(
  tenant: string,
  token: string,
  reference: Map<string, string>,
): Promise<number> {
  const lists = await servedLists(tenant, token).catch(() => new Map<string, string>());
  return [...reference].filter(([customer, list]) => lists.get(customer) !== list).length;
}
