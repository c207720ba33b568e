import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { erase, ErasureService, RunService, type Tenant } from '#libs/domain';
import {
  FileErasureFiles,
  FileErasureLedger,
  PostgresErasureRepository,
  PostgresReconcileRepository,
  PostgresRunRepository,
} from '#libs/persistence';
import { reconcileTenant, type ReconcilePorts } from '#libs/pipeline';
import { createTestTenant, setTestState, useTestNights } from '#libs/testing';
import { interactions, newcomersPurchases, products, resume } from './grocer-nights.js';

const under = useTestNights(process.env);
const LOOK = { repair: false, actor: 'test', graceMs: 48 * 3_600_000 };
const REPAIR = { ...LOOK, repair: true };
const customer = interactions[0].customerId as string;

function ports(change: Partial<ReconcilePorts> = {}): ReconcilePorts {
  const { database, nights } = under;
  const runs = new PostgresRunRepository(database.tenants);
  const records = new PostgresReconcileRepository(database.tenants);
  return { records, runs, runService: new RunService(runs), night: nights.ports, ...change };
}

async function differencesOf(tenant: Tenant, options = LOOK, change: Partial<ReconcilePorts> = {}) {
  return (await reconcileTenant(ports(change), tenant, options)).differences;
}

/** A tenant with a champion; `kept`: and a second night after it, with more data, that kept or replaced it. */
async function tenantAfterNights(nights = 1): Promise<Tenant> {
  const tenant = await createTestTenant(under.database);
  await under.nights.imports.importRecords(tenant, 'products', products);
  await under.nights.load(tenant, interactions);
  expect((await under.nights.run(tenant)).outcome).toBe('promoted');
  for (let night = 1; night < nights; night++) {
    await under.nights.load(tenant, newcomersPurchases(`newcomer-${night}`));
    await under.nights.run(tenant);
  }
  return tenant;
}

async function pointerOf(tenant: Tenant) {
  const pointer = await under.nights.registry.pointer(tenant.id);
  if (pointer === undefined) throw new Error('Nothing is served.');
  return pointer;
}

async function artifactOf(tenant: Tenant): Promise<{ path: string; name: string }> {
  const champion = await under.nights.registry.find(tenant.id, (await pointerOf(tenant)).modelVersion);
  const name = champion?.artifact as string;
  return { name, path: join(under.nights.folder, 'artifacts', name) };
}

describe('lists', () => {
  test('where nothing is lost, nothing differs', async () => {
    const tenant = await tenantAfterNights();
    const { checked, differences } = await reconcileTenant(ports(), tenant, REPAIR);
    expect(differences).toEqual([]);
    expect(checked.lists).toBe(1);
    expect(checked.artifacts).toBeGreaterThanOrEqual(1);
  });

  test('a lost list store is made again byte for byte, without training, and only once', async () => {
    const tenant = await tenantAfterNights(2);
    const before = await readFile(await under.nights.servedFile(tenant));
    const pointer = await pointerOf(tenant);
    await rm(join(under.nights.folder, 'lists'), { recursive: true });

    const seen = await differencesOf(tenant);
    expect(seen[0]).toMatchObject({
      store: 'lists',
      problem: 'missing',
      what: pointer.listFile,
      repair: null,
    });
    expect(seen.every(({ store }) => store === 'lists')).toBe(true);

    const repaired = await differencesOf(tenant, REPAIR);
    expect(repaired).toHaveLength(seen.length);
    expect(repaired.every(({ repair }) => repair === 'done')).toBe(true);
    expect(repaired[0].note).toBe('The same lists, byte for byte.');
    expect((await readFile(await under.nights.servedFile(tenant))).equals(before)).toBe(true);
    const after = await pointerOf(tenant);
    expect(after).toEqual({ ...pointer, listFile: after.listFile });
    expect(after.listFile).not.toBe(pointer.listFile);
    expect(await differencesOf(tenant, REPAIR)).toEqual([]);
    const { rows } = await under.database.admin.query('SELECT FROM run WHERE tenant_id = $1 AND active', [
      tenant.id,
    ]);
    expect(rows).toHaveLength(0);
  });

  test('a truncated file and an overwritten one are damaged, and replaced', async () => {
    const tenant = await tenantAfterNights();
    const before = await under.nights.servedLists(tenant, (lists) => lists.customerList(customer, 50));
    const path = await under.nights.servedFile(tenant);
    await truncate(path, 5_000);
    expect(await differencesOf(tenant)).toMatchObject([{ store: 'lists', problem: 'damaged' }]);
    expect(await differencesOf(tenant, REPAIR)).toMatchObject([{ problem: 'damaged', repair: 'done' }]);
    expect(await under.nights.servedLists(tenant, (lists) => lists.customerList(customer, 50))).toEqual(
      before,
    );
    await expect(readFile(path)).rejects.toThrow('ENOENT');
    await writeFile(await under.nights.servedFile(tenant), 'not a list file').catch(() => undefined);
    await rm(await under.nights.servedFile(tenant));
    await writeFile(await under.nights.servedFile(tenant), 'not a list file');
    expect(await differencesOf(tenant, REPAIR)).toMatchObject([{ problem: 'damaged', repair: 'done' }]);
    expect(await under.nights.servedLists(tenant, (lists) => lists.customerList(customer, 50))).toEqual(
      before,
    );
  });

  test('data that has changed meanwhile is in the lists, which say so', async () => {
    const tenant = await tenantAfterNights();
    await under.nights.load(tenant, newcomersPurchases('came later'));
    await rm(await under.nights.servedFile(tenant));
    const [difference] = await differencesOf(tenant, REPAIR);
    expect(difference).toMatchObject({ repair: 'done', note: 'From the data as it is now.' });
    const list = await under.nights.servedLists(tenant, (lists) => lists.customerList('came later', 10));
    expect(list?.length).toBeGreaterThan(0);
    expect(await differencesOf(tenant)).toEqual([]);
  });

  test('a night that is under way still publishes after a repair', async () => {
    const tenant = await tenantAfterNights();
    await under.nights.load(tenant, newcomersPurchases());
    await expect(under.nights.run(tenant, { mayGoOn: (done) => done < 7 })).rejects.toThrow('stopping');
    await rm(await under.nights.servedFile(tenant));
    expect(await differencesOf(tenant, REPAIR)).toMatchObject([{ store: 'lists', repair: 'done' }]);
    expect(['promoted', 'kept']).toContain(await resume(under.database, under.nights, tenant));
    expect(await differencesOf(tenant)).toEqual([]);
  });

  test('a customer who is erased while lists are made is not in them', async () => {
    const tenant = await tenantAfterNights();
    const erasures = new PostgresErasureRepository(under.database.tenants);
    const { folder, ports: night } = under.nights;
    const files = new FileErasureFiles(folder);
    const erasing = {
      erasures,
      files,
      ledger: new FileErasureLedger(folder),
      lists: night.lists,
      artifacts: night.artifacts,
    };
    await rm(await under.nights.servedFile(tenant));
    const { erasureId } = await new ErasureService(erasures).requestCustomer(tenant, customer, 'test');
    expect(await differencesOf(tenant, REPAIR)).toMatchObject([
      { repair: 'notNow', note: 'A customer is being erased.' },
    ]);
    const claim = await erasures.claim(tenant.id, erasureId, 60_000);
    // The erasure itself does not need the file that is lost.
    await erase(erasing, claim!);
    expect(await differencesOf(tenant, REPAIR)).toMatchObject([{ repair: 'done' }]);
    const list = await under.nights.servedLists(tenant, (lists) => lists.customerList(customer, 10));
    expect(list).toBeUndefined();
  });

  test("another tenant's files are not touched", async () => {
    const [one, other] = [await tenantAfterNights(), await tenantAfterNights()];
    const before = await readFile(await under.nights.servedFile(other));
    await rm(join(under.nights.folder, 'lists', String(one.id)), { recursive: true });
    expect(await differencesOf(other, REPAIR)).toEqual([]);
    await differencesOf(one, REPAIR);
    expect((await readFile(await under.nights.servedFile(other))).equals(before)).toBe(true);
  });
});

describe('models', () => {
  test('a lost model is taken out of its list file, byte for byte', async () => {
    const tenant = await tenantAfterNights();
    const { path, name } = await artifactOf(tenant);
    const before = await readFile(path);
    await rm(path);
    expect(await differencesOf(tenant)).toMatchObject([
      { store: 'artifacts', problem: 'missing', what: name },
    ]);
    expect(await differencesOf(tenant, REPAIR)).toMatchObject([{ repair: 'done' }]);
    expect((await readFile(path)).equals(before)).toBe(true);
    await truncate(path, 100);
    expect(await differencesOf(tenant, REPAIR)).toMatchObject([{ problem: 'damaged', repair: 'done' }]);
    expect((await readFile(path)).equals(before)).toBe(true);
    expect(await differencesOf(tenant)).toEqual([]);
  });

  test('where its lists are lost as well, a run is asked for, once, and makes both', async () => {
    const tenant = await tenantAfterNights();
    await rm((await artifactOf(tenant)).path);
    await rm(await under.nights.servedFile(tenant));
    const [model, lists] = await differencesOf(tenant, REPAIR);
    expect(model).toMatchObject({ store: 'artifacts', repair: 'requested' });
    expect(lists).toMatchObject({ store: 'lists', repair: 'impossible' });
    expect((await differencesOf(tenant, REPAIR))[0].note).toBe(model.note);
    // With the seed of the tests' first nights.
    await under.database.admin.query('UPDATE run SET seed = 1 WHERE tenant_id = $1 AND active', [tenant.id]);
    expect((await under.nights.run(tenant)).outcome).toBe('promoted');
    // The same data: the model came out the same, and so the lost version can be served again, too.
    const repaired = await differencesOf(tenant, REPAIR);
    expect(repaired.map(({ store, repair }) => [store, repair])).toEqual([
      ['artifacts', 'done'],
      ['lists', 'done'],
    ]);
    expect(await differencesOf(tenant)).toEqual([]);
  });

  test('of a frozen tenant only a person or a backup can bring it back', async () => {
    const tenant = await tenantAfterNights();
    await setTestState(under.database, tenant, 'frozen');
    await rm((await artifactOf(tenant)).path);
    await rm(await under.nights.servedFile(tenant));
    const [model] = await differencesOf({ ...tenant, state: 'frozen' }, REPAIR);
    expect(model).toMatchObject({ repair: 'impossible' });
    expect(model.note).toContain('frozen');
  });
});

describe('leftovers', () => {
  test('are removed once nobody can need them; what a failed run registered counts as well', async () => {
    const tenant = await tenantAfterNights();
    const old = new Date(Date.now() - 3 * 86_400_000);
    const put = async (name: string, at: Date) => {
      const path = join(under.nights.folder, name);
      await mkdir(join(path, '..'), { recursive: true });
      await writeFile(path, 'x');
      await utimes(path, at, at);
    };
    const orphan = `tenants/${tenant.id}/models/${randomUUID()}-1-ials.model`;
    await put(`lists/${tenant.id}/old.mdb`, old);
    await put(`lists/${tenant.id}/young.mdb`, new Date());
    await put(`artifacts/${orphan}`, old);
    await under.database.admin.query(
      `INSERT INTO model_version (tenant_id, version, run_id, status, algorithm, recipe, seed, watermark, snapshot_hash,
         holdout_from, code_version, metrics, training_seconds, artifact, artifact_sha256)
       SELECT tenant_id, 99, gen_random_uuid(), 'candidate', algorithm, recipe, seed, watermark, snapshot_hash,
         holdout_from, code_version, metrics, training_seconds, $2, artifact_sha256
       FROM model_version WHERE tenant_id = $1 LIMIT 1`,
      [tenant.id, orphan],
    );
    await under.database.admin.query(
      `INSERT INTO tenant_requests (tenant_id, day, node_id, requests) VALUES ($1, '2026-01-01', gen_random_uuid(), 5)`,
      [tenant.id],
    );
    const seen = await differencesOf(tenant);
    expect(seen.map(({ store, what }) => [store, what])).toEqual([
      ['lists', `${tenant.id}/old.mdb`],
      ['artifacts', orphan],
      ['quota', 'counters of 1 day(s) that are over'],
    ]);
    expect((await differencesOf(tenant, REPAIR)).every(({ repair }) => repair === 'done')).toBe(true);
    expect(await differencesOf(tenant)).toEqual([]);
    await expect(
      readFile(join(under.nights.folder, 'lists', `${tenant.id}`, 'young.mdb')),
    ).resolves.toBeDefined();
  });
});
