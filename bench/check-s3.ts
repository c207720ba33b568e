// A fleet's nights with artifacts and lists in a real S3 server, which is killed in the middle, and a serving node that shares no
// folder with anybody. npm run check:s3; progress on stderr, one JSON object as the last line. Needs Go, to build the server once.
import { execFile } from 'node:child_process';
import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { ErasureService, type Tenant } from '#libs/domain';
import { PostgresErasureRepository } from '#libs/persistence';
import { ROOT } from '../tools/launcher/platform.ts';
import { BucketFleet } from './objects/bucket-fleet.ts';
import { dataBelow, filesBelow } from './objects/files-below.ts';
import { provideGateway } from './objects/s3-gateway.ts';
import { ask } from './objects/served-lists.ts';
import { addSmallTenants, type SmallTenant } from './platform/small-tenants.ts';
import { say } from './platform/test-platform.ts';
import { until } from './platform/until.ts';

const { values } = parseArgs({
  options: { tenants: { type: 'string', default: '12' }, seed: { type: 'string', default: '1' } },
});
const TENANTS = Number(values.tenants);
const SEED = Number(values.seed);
const DAY_MS = 86_400_000;

// Before anything runs that would have to be stopped again.
provideGateway();
const startedAt = performance.now();
const fleet = await BucketFleet.start();
const { platform, gateway } = fleet;
try {
  const result = await check();
  process.stdout.write(`${JSON.stringify(result)}\n`);
  process.exitCode = result.ok ? 0 : 1;
} finally {
  await fleet.close();
}

async function check() {
  const contractTests = await contracts();
  say(`${contractTests} tests of the stores passed against the server`);
  const tenants = await addSmallTenants(platform.adminUrl, TENANTS, SEED);
  for (const tenant of tenants) await fleet.addKey(tenant);
  await fleet.startHosts();

  const failed = await nightWithOutage(tenants);
  const recovered = await countSucceeded([...failed.keys()]);
  say(`${failed.size} runs failed while the server was down, ${recovered} of them recovered`);
  const first = await fleet.lookAtAll(tenants, 'after the first night');

  await gateway.end('SIGKILL');
  await fleet.startServing();
  const coldWithoutBucket = await fleet.compare(
    tenants,
    first.expected,
    'from a cold start without the server',
  );
  await gateway.start();

  await addInteractions();
  const orphan = ageBucket(tenants[0]);
  await fleet.requestRuns(tenants);
  await fleet.untilEnded();
  const second = await fleet.lookAtAll(tenants, 'after the second night');
  const moved = [...second.files].filter(([id, file]) => first.files.get(id) !== file).length;
  const oldFilesRemoved = Number(!filesBelow(gateway.bucketFolder).some((file) => file.endsWith(orphan)));
  const erasure = await erase(tenants[1]);
  const runs = await platform.query<{ runs: number; promoted: number; failed: number }>(
    `SELECT count(*)::integer AS runs, count(*) FILTER (WHERE outcome = 'promoted')::integer AS promoted,
       count(*) FILTER (WHERE status <> 'succeeded')::integer AS failed FROM run`,
  );
  const result = {
    ...runs[0],
    listsServedFromBucket: first.right + second.right,
    failedWhileDown: failed.size,
    error: [...failed.values()].at(0) ?? null,
    recovered,
    servedWithoutBucket: coldWithoutBucket.right,
    wrongLists: first.wrong + second.wrong + coldWithoutBucket.wrong,
    pointersMoved: moved,
    oldFilesRemoved,
    contractTests,
    erasure,
    filesOnWorkers: fleet.hostFolders
      .filter((folder) => path.basename(folder) !== 'serving')
      .flatMap(dataBelow).length,
    seconds: Math.round((performance.now() - startedAt) / 1000),
  };
  return { ...result, ok: isProved(result, tenants) };
}

function isProved(
  result: {
    readonly runs: number;
    readonly failed: number;
    readonly failedWhileDown: number;
    readonly recovered: number;
    readonly listsServedFromBucket: number;
    readonly servedWithoutBucket: number;
    readonly wrongLists: number;
    readonly pointersMoved: number;
    readonly oldFilesRemoved: number;
    readonly filesOnWorkers: number;
    readonly erasure: { readonly placesBefore: number; readonly placesLeft: number; readonly nodes: number };
  },
  tenants: readonly SmallTenant[],
): boolean {
  const customers = tenants.reduce((sum, { customers: all }) => sum + all.length, 0);
  const { erasure } = result;
  return (
    result.runs === 2 * TENANTS &&
    result.failed === 0 &&
    result.failedWhileDown > 0 &&
    result.recovered === result.failedWhileDown &&
    result.wrongLists === 0 &&
    result.listsServedFromBucket === 2 * customers &&
    result.servedWithoutBucket === customers &&
    result.pointersMoved === TENANTS &&
    result.oldFilesRemoved === 1 &&
    result.filesOnWorkers === 0 &&
    erasure.placesBefore >= 2 &&
    erasure.placesLeft === 0 &&
    erasure.nodes === 1
  );
}

/** The suites that hold files and buckets to the same behaviour, against this server. @throws when one of them fails */
async function contracts(): Promise<number> {
  const args = ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '--selectProjects', 'unit'];
  const env = {
    ...process.env,
    ...gateway.environment,
    TEST_ARTIFACTS_URL: gateway.environment.ARTIFACTS_URL,
  };
  const run = promisify(execFile)(process.execPath, [...args, '--', 'test/storage/'], {
    ...{ cwd: ROOT, env, maxBuffer: 1 << 26 },
  });
  const { stdout } = await run.catch((error: { stderr?: string }) => {
    throw new Error(`The stores do not keep their contract.\n${(error.stderr ?? '').slice(-4_000)}`);
  });
  const passed = Number(/^Tests: (\d+) passed, 0 failed, 0 skipped$/m.exec(stdout)?.[1] ?? 0);
  if (passed === 0) throw new Error('The tests of the stores were skipped.');
  return passed;
}

/** @returns what each run said while the server was down */
async function nightWithOutage(tenants: readonly SmallTenant[]): Promise<Map<string, string>> {
  await fleet.requestRuns(tenants);
  await fleet.untilEnded(Math.ceil((2 * TENANTS) / 3));
  await gateway.end('SIGKILL');
  say('the server is killed');
  const failed = new Map<string, string>();
  await until('two runs say so', async () => {
    const rows = await platform.query<{ run_id: string; error: string }>(
      `SELECT run_id, error_code || ': ' || error_message AS error FROM run WHERE error_code LIKE 'storage%'`,
    );
    for (const { run_id, error } of rows) failed.set(run_id, error);
    return failed.size >= Math.min(2, TENANTS);
  });
  await gateway.start();
  say('the server is back');
  await fleet.untilEnded();
  return failed;
}

async function countSucceeded(runIds: readonly string[]): Promise<number> {
  const [{ count }] = await platform.query<{ count: number }>(
    `SELECT count(*)::integer AS count FROM run WHERE run_id = ANY($1) AND status = 'succeeded'`,
    [runIds],
  );
  return count;
}

/** Something new for every tenant, so that the second night has a reason. */
async function addInteractions(): Promise<void> {
  await platform.query(
    `INSERT INTO interaction (tenant_id, event_id, type, customer_id, product_id, occurred_at, quantity, unit_price, order_id)
     SELECT tenant_id, event_id || '-again', type, customer_id, product_id, occurred_at + interval '3 days', quantity,
       unit_price, order_id || '-again' FROM interaction WHERE hashtext(event_id) % 4 = 0`,
  );
}

/** Days pass for everything in the bucket; one list file of the tenant is nobody's. */
function ageBucket({ id }: SmallTenant): string {
  const orphan = path.join(String(id), 'orphan.mdb');
  writeFileSync(path.join(gateway.bucketFolder, 'fleet/lists', orphan), 'what a killed worker left');
  const old = new Date(Date.now() - 3 * DAY_MS);
  for (const file of filesBelow(path.join(gateway.bucketFolder, 'fleet/lists'))) utimesSync(file, old, old);
  return orphan;
}

/** From the request to the last copy, and where the customer's id still is: in no file of any host, and not in the bucket. */
async function erase(tenant: SmallTenant) {
  const [customer] = tenant.customers;
  const before = await ask(fleet.servingUrl, tenant.slug, fleet.keyOf(tenant), customer);
  const placesBefore = placesOf(customer).length;
  const service = new ErasureService(new PostgresErasureRepository(platform.tenants));
  const own = { id: tenant.id, slug: tenant.slug } as Tenant;
  const { erasureId } = await service.requestCustomer(own, customer, 'check');
  const startedErasing = performance.now();
  await until('the node says that the customer is gone', async () => {
    const { status, acknowledgements } = await service.get(own, erasureId);
    return status === 'succeeded' && acknowledgements.length > 0;
  });
  const seconds = Math.round((performance.now() - startedErasing) / 100) / 10;
  const { receipt, acknowledgements } = await service.get(own, erasureId);
  const left = placesOf(customer);
  if (left.length > 0) say(`${customer} is still in ${left.join(', ')}`);
  const after = await ask(fleet.servingUrl, tenant.slug, fleet.keyOf(tenant), customer);
  const rewritten = receipt.find(({ store, what }) => store === 'lists' && what === 'filesRewritten')?.count;
  say(`erased: ${JSON.stringify(receipt.filter(({ count }) => count > 0))}`);
  return {
    ...{
      placesBefore,
      placesLeft: left.length,
      filesRewritten: rewritten ?? 0,
      nodes: acknowledgements.length,
    },
    ...{ statusBefore: before.status, statusAfter: after.status, seconds },
  };
}

/** Files of the bucket and of every host that hold this text, logs and the database aside. */
function placesOf(text: string): string[] {
  return [gateway.bucketFolder, ...fleet.hostFolders]
    .flatMap(dataBelow)
    .filter((file) => readFileSync(file).includes(text));
}
