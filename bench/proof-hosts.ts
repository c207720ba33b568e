// A night over several hosts, each a network namespace of its own: PostgreSQL, Redis and the bucket on one, two workers, a serving
// node. A worker and then the serving node are cut off in the middle. npm run proof:hosts -- --tenants 40 --seed 1
// Progress on stderr, one JSON object as the last line. Needs root, "ip netns", and Go to build an S3 server once.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createKeyToken } from '#libs/domain';
import { openListStore, PostgresRunRepository } from '#libs/persistence';
import { heldBy, tryToPublish, untilRefused, untilTakenOver, type HeldRun } from './chaos/stale-writers.ts';
import { PUBLICATION_AUDIT, servedBy, storedTruth } from './chaos/stored-truth.ts';
import { HostFleet } from './hosts/host-fleet.ts';
import { HostNetwork } from './hosts/host-network.ts';
import { provideGateway } from './objects/s3-gateway.ts';
import { checkServed, readExpected } from './objects/served-lists.ts';
import type { AppProcess } from './platform/app-process.ts';
import { addSmallTenants, type SmallTenant } from './platform/small-tenants.ts';
import { say } from './platform/test-platform.ts';
import { until } from './platform/until.ts';

const { values } = parseArgs({
  options: { tenants: { type: 'string', default: '40' }, seed: { type: 'string', default: '1' } },
});
const TENANTS = Number(values.tenants);
/** So many are left for the time in which the serving host is cut off. */
const LATER = Math.ceil(TENANTS / 4);
const LEASE_MS = 5_000;
const CUT_OFF_MS = 15_000;

const why = HostNetwork.whyNot();
if (why !== undefined) {
  say(`Hosts cannot be made out of network namespaces: ${why}.`);
  process.exit(2);
}
provideGateway();
const startedAt = performance.now();
const keys = new Map<number, string>();
const network = new HostNetwork();
process.on('exit', () => network.remove());
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));
let fleet: HostFleet | undefined;
try {
  fleet = await HostFleet.start(network, ['work-a', 'work-b', 'serving']);
  const result = await nightOverHosts(fleet);
  process.stdout.write(`${JSON.stringify(result)}\n`);
  process.exitCode = result.ok ? 0 : 1;
} finally {
  await fleet?.close().catch((error: unknown) => say(String(error)));
  network.remove();
}

async function nightOverHosts(hosts: HostFleet) {
  const tenants = await addSmallTenants(hosts.adminUrl, TENANTS, Number(values.seed));
  for (const tenant of tenants) await addKey(hosts, tenant);
  await hosts.query(PUBLICATION_AUDIT);
  const settings = { LEASE_MS: String(LEASE_MS), WORKER_SLOTS: '2', WORKER_THREADS: '1' };
  const a = await hosts.run('worker', 'work-a', settings);
  const b = await hosts.run('worker', 'work-b', settings);
  const serving = await hosts.run('serving', 'serving');
  say('four hosts are up');

  await requestRuns(hosts, tenants.slice(0, TENANTS - LATER));
  await untilFinished(hosts, Math.ceil(TENANTS / 5));
  const cutOff = await cutOffWorker(hosts, a);
  await untilFinished(hosts, TENANTS - LATER);

  const load = hosts.load('serving');
  for (const { id, slug, customers } of tenants.slice(0, TENANTS - LATER))
    load.add({ slug, customers, key: keys.get(id) ?? '' });
  await untilPulled(hosts, serving);
  const before = await publications(hosts);
  network.cutOff('serving');
  say('the serving host is cut off, and asked all the time');
  await requestRuns(hosts, tenants.slice(TENANTS - LATER));
  await Promise.all([sleep(CUT_OFF_MS), untilFinished(hosts, TENANTS)]);
  const heardNothing = !(await isReachable(serving));
  network.reconnect('serving');
  const healedAt = performance.now();
  await untilPulled(hosts, serving);
  const convergedSeconds = Math.round((performance.now() - healedAt) / 100) / 10;
  await sleep(2_000);
  const asked = await load.end();
  say(`asked while cut off and after: ${JSON.stringify(asked)}`);

  const lists = await checkAll(hosts, tenants, serving);
  const query = hosts.query.bind(hosts);
  const truth = await storedTruth({ query, stateDir: hosts.folderOf('serving') }, tenants);
  const by = async (worker: AppProcess, since = 0) =>
    (await publications(hosts)).slice(since).filter((owner) => owner.includes(`-${worker.pid}-`)).length;
  const { problems, wrongLists, ...counts } = truth;
  const result = {
    ...counts,
    byHost: { 'work-a': await by(a), 'work-b': await by(b) },
    cutOffWorker: { ...cutOff, runsAfterHealing: await by(a, before.length) },
    staleWriterPublishes: counts.staleWriterPublishes + cutOff.acceptedPublishes,
    servingRequests: asked.requests,
    servingFailed: asked.failed,
    servingP99Ms: asked.p99Ms,
    servingSlowestMs: asked.slowestMs,
    servingHeardNothing: heardNothing,
    wrongLists: wrongLists + lists.wrong,
    servedLists: lists.right,
    converged: lists.wrong === 0 && lists.right === truth.lists && truth.finishedOnce === TENANTS,
    convergedSeconds,
    seconds: Math.round((performance.now() - startedAt) / 1000),
    ...(problems.length + lists.problems.length === 0 ? {} : { problems: [...problems, ...lists.problems] }),
    ...(asked.first === undefined ? {} : { firstFailure: asked.first }),
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
  readonly byHost: Readonly<Record<string, number>>;
  readonly cutOffWorker: CutOff & { readonly runsAfterHealing: number };
  readonly servingRequests: number;
  readonly servingFailed: number;
  readonly servingHeardNothing: boolean;
  readonly converged: boolean;
}): boolean {
  const { cutOffWorker: cut, byHost } = result;
  const clean =
    result.lost + result.doublePromotions + result.staleWriterPublishes + result.wrongLists === 0 &&
    result.servingFailed === 0;
  // What did not happen proves nothing.
  const happened =
    Object.values(byHost).every((runs) => runs > 0) &&
    cut.takenOver > 0 &&
    cut.refusedWrites === cut.takenOver &&
    cut.refusedPublishes > 0 &&
    cut.runsAfterHealing > 0 &&
    result.servingHeardNothing &&
    result.servingRequests > 100;
  return result.runs === TENANTS && result.finishedOnce === TENANTS && clean && happened && result.converged;
}

interface CutOff {
  readonly takenOver: number;
  readonly refusedWrites: number;
  readonly refusedPublishes: number;
  readonly acceptedPublishes: number;
}

/** Until it is caught at work; then for as long as it takes the others to take its runs over. */
async function cutOffWorker(hosts: HostFleet, worker: AppProcess): Promise<CutOff> {
  let held: HeldRun[] = [];
  while (held.length === 0) {
    if ((await heldBy(hosts, worker)).length > 0) {
      network.cutOff(worker.name);
      // What was on its way has arrived.
      await sleep(500);
      held = await heldBy(hosts, worker);
      if (held.length === 0) network.reconnect(worker.name);
    }
    await sleep(50);
  }
  say(`${worker.name} is cut off with ${held.length} runs`);
  await untilTakenOver(hosts, held);
  const during = await tryToPublish(hosts, held);
  // It goes on with what it has, and wants to write.
  await sleep(CUT_OFF_MS);
  network.reconnect(worker.name);
  const refusedWrites = await untilRefused(worker, held);
  const after = await tryToPublish(hosts, held);
  const found = {
    takenOver: held.length,
    refusedWrites,
    refusedPublishes: during.refused + after.refused,
    acceptedPublishes: during.accepted + after.accepted,
  };
  say(`healed: ${JSON.stringify(found)}`);
  return found;
}

async function addKey(hosts: HostFleet, { id }: SmallTenant): Promise<void> {
  const { keyId, secretSha256, token } = createKeyToken();
  await hosts.query(
    `INSERT INTO api_key (tenant_id, key_id, name, secret_sha256, scopes) VALUES ($1, $2, 'proof', $3, '{read}')`,
    [id, keyId, secretSha256],
  );
  keys.set(id, token);
}

async function requestRuns(hosts: HostFleet, tenants: readonly SmallTenant[]): Promise<void> {
  const runs = new PostgresRunRepository(hosts.tenants);
  const request = { seed: 1, templateVersion: 1, requestedBy: 'proof', reason: undefined };
  const night = new Date().toISOString().slice(0, 10);
  for (const { id } of tenants) await runs.requestManual(id, { night, ...request });
}

async function untilFinished(hosts: HostFleet, count: number): Promise<void> {
  await until(`${count} runs have ended`, async () => {
    const [row] = await hosts.query<{ count: number }>(
      'SELECT count(*)::integer AS count FROM run WHERE NOT COALESCE(active, false)',
    );
    return row.count >= count;
  });
}

/** Whose lease each list was published under, in order. */
async function publications(hosts: HostFleet): Promise<string[]> {
  const rows = await hosts.query<{ lease_owner: string }>('SELECT lease_owner FROM chaos_publication');
  return rows.map(({ lease_owner }) => lease_owner);
}

/** The node can be reached, and has the list of every pointer on its own disk. */
async function untilPulled(hosts: HostFleet, serving: AppProcess): Promise<void> {
  await until('the serving host has every list', async () => {
    if (!(await isReachable(serving))) return false;
    const folder = path.join(hosts.folderOf('serving'), 'lists');
    return (await servedBy(hosts)).every(({ list_file }) => existsSync(path.join(folder, list_file)));
  });
  // The file is there before the node has gone over to it.
  await sleep(1_000);
}

async function isReachable(serving: AppProcess): Promise<boolean> {
  const answer = await fetch(serving.url, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
  await answer?.body?.cancel();
  return answer !== undefined;
}

/** As somebody on another host sees it, list by list. */
async function checkAll(hosts: HostFleet, tenants: readonly SmallTenant[], serving: AppProcess) {
  const store = openListStore({ STATE_DIR: hosts.folderOf('looking'), ...hosts.bucket });
  const served = new Map((await servedBy(hosts)).map((row) => [row.tenant_id, row]));
  const sum = { right: 0, wrong: 0, problems: [] as string[] };
  for (const tenant of tenants) {
    const row = served.get(tenant.id);
    if (row === undefined) throw new Error(`${tenant.slug} serves nothing.`);
    const expected = await readExpected(store, tenant, row);
    const { right, wrong, first } = await checkServed(
      serving.url,
      tenant,
      keys.get(tenant.id) ?? '',
      expected,
    );
    sum.right += right;
    sum.wrong += wrong;
    if (first !== undefined) sum.problems.push(first);
  }
  return sum;
}
