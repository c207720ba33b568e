// The data plane while everything falls over: promotions, rollbacks and changes of state under load, nodes killed with outcomes in
// flight, PostgreSQL and Redis stopped, a node started cold without them. npm run chaos:serving; one JSON object as its last
// line. `--outage-seconds 600` for the ten minutes that nobody should notice.
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { say } from './peers/say.ts';
import { Traffic } from './serving/chaos-traffic.ts';
import { percentile } from './serving/load.ts';
import { customerIds, ServingPlatform } from './serving/serving-platform.ts';

const { values: options } = parseArgs({
  options: {
    'per-second': { type: 'string', default: '2000' },
    'outage-seconds': { type: 'string', default: '20' },
  },
});
const PER_SECOND = Number(options['per-second']);
const OUTAGE_SECONDS = Number(options['outage-seconds']);
const CUSTOMERS = 2_000;
const VERSIONS = [1, 2, 3];
const STATES = ['frozen', 'off', 'on'];
/** Every change must show on every node within this. */
const EFFECTIVE_MS = 5_000;
const DELIVERY_DEADLINE_MS = 60_000;

const platform = await ServingPlatform.start();
const [a, b] = [await platform.addNode(), await platform.addNode()];
try {
  const result = await chaos();
  process.stdout.write(`${JSON.stringify(result)}\n`);
  process.exitCode = result.ok ? 0 : 1;
} finally {
  await platform.close();
}

interface ChaosTenant {
  readonly id: number;
  readonly slug: string;
  readonly key: string;
  readonly files: ReadonlyMap<number, string>;
}

async function addTenant(slug: string): Promise<ChaosTenant> {
  const id = await platform.addTenant(slug);
  const key = await platform.addKey(id, ['read', 'feedback']);
  const files = new Map<number, string>();
  for (const version of VERSIONS) files.set(version, await platform.publish(id, slug, version, CUSTOMERS));
  await platform.pointAt(id, 1, files.get(1) as string);
  return { id, slug, key, files };
}

async function chaos() {
  const [steady, moving, switching] = [
    await addTenant('steady'),
    await addTenant('moving'),
    await addTenant('switching'),
  ];
  await Promise.all([a.run(), b.run()]);
  const traffic = new Traffic({
    ports: [a.port, b.port],
    targets: [steady, moving, switching],
    customers: customerIds(CUSTOMERS),
    perSecond: PER_SECOND,
  });
  const startedAt = performance.now();
  const late: string[] = [];
  traffic.start();
  await sleep(2_000);

  say('promotions, rollbacks and changes of state');
  for (const version of [2, 3, 1, 3, 2]) await promote(moving, version, late);
  for (const state of STATES) await change(switching, state, late);

  say('a node is killed with outcomes in flight, and started again');
  await a.end('SIGKILL');
  await sleep(1_000);
  await a.run();
  await promote(moving, 1, late);

  say(
    `PostgreSQL and Redis are stopped for ${OUTAGE_SECONDS} s; both nodes are killed in turn and start cold`,
  );
  await Promise.all([platform.stopService('postgres'), platform.stopService('redis')]);
  await sleep((OUTAGE_SECONDS * 1_000) / 3);
  for (const node of [b, a]) {
    await node.end('SIGKILL');
    await node.run();
    await sleep((OUTAGE_SECONDS * 1_000) / 3);
  }

  say('they are back');
  await Promise.all([platform.revive('postgres'), platform.revive('redis')]);
  await promote(moving, 3, late);
  for (const state of STATES) await change(switching, state, late);
  await traffic.stop();
  const seconds = (performance.now() - startedAt) / 1000;
  const stored = await untilStored(traffic);
  return summary(traffic, stored, late, seconds);
}

async function promote(tenant: ChaosTenant, version: number, late: string[]): Promise<void> {
  await platform.pointAt(tenant.id, version, tenant.files.get(version) as string);
  await untilShown(tenant, `version ${version}`, late, (answer) => answer.modelVersion === version);
}

async function change(tenant: ChaosTenant, state: string, late: string[]): Promise<void> {
  await platform.query(
    'UPDATE tenant SET state = $2::lifecycle_state, state_changed_at = now() WHERE id = $1',
    [tenant.id, state],
  );
  const reasons: Record<string, string | null> = { off: 'off', frozen: 'frozen', on: null };
  await untilShown(tenant, state, late, (answer) => answer.statusReason === reasons[state]);
}

interface Shown {
  readonly modelVersion: number | null;
  readonly statusReason: string | null;
}

/** Both nodes show it, and in time. */
async function untilShown(
  { slug, key }: ChaosTenant,
  what: string,
  late: string[],
  isShown: (answer: Shown) => boolean,
): Promise<void> {
  const [customer] = customerIds(1);
  const since = performance.now();
  for (const { port } of [a, b]) {
    for (;;) {
      const answer = await fetch(`http://127.0.0.1:${port}/v1/tenants/${slug}/recommendations/${customer}`, {
        headers: { authorization: `Bearer ${key}` },
      });
      if (isShown((await answer.json()) as Shown)) break;
      if (performance.now() - since > EFFECTIVE_MS) {
        late.push(`${slug}: ${what}`);
        return;
      }
      await sleep(50);
    }
  }
}

interface Stored {
  readonly rows: number;
  readonly names: ReadonlySet<string>;
}

/** Until all that was acknowledged is in the database, or nothing has come for long. */
async function untilStored(traffic: Traffic): Promise<Stored> {
  const deadline = performance.now() + DELIVERY_DEADLINE_MS;
  for (;;) {
    const rows = await platform.query<{ customer_id: string }>('SELECT customer_id FROM outcome');
    const names = new Set(rows.map(({ customer_id }) => customer_id));
    const complete = [...traffic.acknowledged].every((name) => names.has(name));
    if (complete || performance.now() > deadline) return { rows: rows.length, names };
    await sleep(500);
  }
}

function summary(traffic: Traffic, stored: Stored, late: readonly string[], seconds: number) {
  const lost = [...traffic.acknowledged].filter((name) => !stored.names.has(name)).length;
  const latencies = Float64Array.from(traffic.latencies).sort();
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) =>
    Number(percentile(latencies, share).toPrecision(4)),
  );
  const result = {
    requests: traffic.requests,
    failed: traffic.failed,
    mixedVersions: traffic.mixedVersions,
    outcomesSent: traffic.sent.size,
    outcomesAcknowledged: traffic.acknowledged.size,
    outcomesStored: stored.names.size,
    lost,
    duplicated: stored.rows - stored.names.size,
    failedOver: traffic.failedOver,
    lateChanges: late,
    versionsSeen: [...(traffic.versions.get('moving') ?? [])],
    seconds: Math.round(seconds),
    perSecond: Math.round(traffic.requests / seconds),
    ...{ p50, p95, p99 },
    failures: traffic.failures,
  };
  const wrong = result.failed + result.mixedVersions + lost + result.duplicated + late.length;
  return {
    ...result,
    ok: wrong === 0 && result.outcomesSent > 0 && result.versionsSeen.length >= VERSIONS.length,
  };
}
