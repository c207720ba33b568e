import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { isInControlGroup, momentOfRecommendation, type ExportRow } from '#libs/domain';
import { PostgresFleetExportRepository } from '#libs/persistence';
import { exportLists } from '#libs/pipeline';
import { createTestTenant } from '#libs/testing';
import { ExportsUnderTest, OPTIONS, parseNdjson, told } from './exports-under-test.js';

let under: ExportsUnderTest;

beforeAll(async () => {
  under = await ExportsUnderTest.open();
});
afterAll(() => under?.close());

const FIVE = { anna: 'loyal', ben: null, 'c,"3"': 'loyal', dora: 'new', '=1+1\nü🛒': 'new' };

describe('an export', () => {
  test('has a row for each product of each customer, under one id that carries the moment', async () => {
    const tenant = await under.tenantWith(FIVE);
    const before = Date.now();
    const { found, file } = await under.export(tenant);
    const rows = parseNdjson(file);
    expect(told(rows).sort()).toEqual(
      Object.keys(FIVE)
        .map((id) => `${id}: tea, cup`)
        .sort(),
    );
    const ofAnna = rows.filter(({ customerId }) => customerId === 'anna');
    expect(ofAnna).toMatchObject([
      {
        position: 1,
        productId: 'tea',
        score: 0.9,
        source: 'ials',
        modelVersion: 3,
        segment: 'loyal',
        status: 'ok',
      },
      { position: 2, productId: 'cup', score: 0.8 },
    ]);
    const ids = new Set(rows.map(({ recommendationId }) => recommendationId));
    expect(ids.size).toBe(5);
    expect(momentOfRecommendation(ofAnna[0].recommendationId)).toBeGreaterThanOrEqual(before);
    expect(found).toMatchObject({
      ...{
        status: 'succeeded',
        progress: 1,
        customers: 5,
        recommended: 5,
        rows: 10,
        modelVersion: 3,
        attempt: 1,
      },
      ...{ bytes: file.length, sha256: createHash('sha256').update(file).digest('hex') },
    });
    expect(await readdir(join(under.folder, 'exports', String(tenant.id)))).toHaveLength(1);
  });

  test('says the same as CSV and as Parquet, for other readers', async () => {
    const tenant = await under.tenantWith(FIVE);
    const options = { minimumScore: 0.85, controlShare: 0.5, controlSeed: 3 };
    // What is new in each export.
    const plain = <T extends object>(row: T) => ({ ...row, recommendationId: '', servedAt: '' });
    const expected = (await under.rows(tenant, options)).map(plain);
    expect(new Set(expected.map(({ status }) => status))).toEqual(new Set(['partial', 'none']));
    const csv = (await under.export(tenant, { ...options, format: 'csv' })).file;
    const cells = parse(csv, { columns: true }) as unknown as Record<keyof ExportRow, string>[];
    const typed = (value: unknown) => (value === null ? '' : String(value));
    expect(cells.map(plain)).toEqual(
      expected.map((row) =>
        Object.fromEntries(Object.entries(row).map(([key, value]) => [key, typed(value)])),
      ),
    );
    const parquet = (await under.export(tenant, { ...options, format: 'parquet' })).file;
    const bytes = parquet.buffer.slice(
      parquet.byteOffset,
      parquet.byteOffset + parquet.length,
    ) as ArrayBuffer;
    const read = (await parquetReadObjects({ file: bytes, compressors })) as unknown as ExportRow[];
    expect(read.map(plain)).toEqual(expected);
  });

  test('holds nothing of another tenant, whatever file a pointer names', async () => {
    const [tenant, other] = [await under.tenantWith({ anna: null }), await under.tenantWith({ bea: null })];
    const { listFile } = (await under.ports.registry.pointer(other.id)) as { listFile: string };
    await under.sql(tenant, 'UPDATE serving_pointer SET list_file = $1', [listFile]);
    await expect(under.export(tenant)).rejects.toMatchObject({
      code: 'foreignLists',
      message: expect.not.stringContaining(other.slug),
    });
  });

  test('of nobody is a file with a header and no rows', async () => {
    const tenant = await under.tenantWith({});
    expect((await under.export(tenant, { format: 'csv' })).file.toString()).toMatch(
      /^recommendationId,[\w,]+\r\n$/,
    );
    const { found } = await under.export(tenant, { format: 'parquet' });
    expect(found).toMatchObject({ status: 'succeeded', customers: 0, rows: 0 });
  });

  test('of segments has their customers alone', async () => {
    const tenant = await under.tenantWith(FIVE);
    expect(told(await under.rows(tenant, { segments: ['loyal'] }))).toEqual([
      'anna: tea, cup',
      'c,"3": tea, cup',
    ]);
    expect(await under.rows(tenant, { segments: ['nobody'] })).toEqual([]);
  });

  test('leaves the control group out, the same customers each time, with an id to compare them by', async () => {
    const customers = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`c${index}`, null]));
    const tenant = await under.tenantWith(customers);
    const group = Object.keys(customers).filter((id) => isInControlGroup(id, 0.2, 1));
    for (let turn = 0; turn < 2; turn++) {
      const rows = await under.rows(tenant, { controlShare: 0.2 });
      const withheld = rows.filter(({ statusReason }) => statusReason === 'controlGroup');
      expect(withheld.map(({ customerId }) => customerId).sort()).toEqual(group.toSorted());
      expect(withheld[0]).toMatchObject({
        status: 'none',
        position: null,
        productId: null,
        modelVersion: null,
      });
      expect(withheld[0].recommendationId).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  test('contacts nobody again within the days, whom a finished export has contacted', async () => {
    const tenant = await under.tenantWith({ anna: 'a', ben: 'b' });
    const policy = { notAgainWithinDays: 7 };
    expect(told(await under.rows(tenant, { ...policy, segments: ['a'] }))).toEqual(['anna: tea, cup']);
    expect(told(await under.rows(tenant, policy))).toEqual(['anna: none contactedRecently', 'ben: tea, cup']);
    expect(told(await under.rows(tenant))).toEqual(['anna: tea, cup', 'ben: tea, cup']);
    await under.sql(tenant, `UPDATE list_export SET finished_at = finished_at - interval '7 days 1 minute'`);
    expect(told(await under.rows(tenant, policy))).toEqual(['anna: tea, cup', 'ben: tea, cup']);
  });

  test('does not count what an export that failed would have said', async () => {
    const tenant = await under.tenantWith({ anna: 'a' });
    const { exportId } = await under.request(tenant);
    const claim = await under.claim(tenant, exportId);
    const counts = { customers: 1, recommended: 1, rows: 2 };
    await under.repository.report(claim, 1_000, 0.5, counts, ['anna']);
    await under.repository.fail(claim, 'internal', 'No.', false);
    expect(told(await under.rows(tenant, { notAgainWithinDays: 7 }))).toEqual(['anna: tea, cup']);
    const contacts = await under.sql(tenant, 'SELECT DISTINCT export_id FROM export_contact');
    expect(contacts.rowCount).toBe(1);
  });

  test('leaves out what is less relevant, and says so where nothing is left', async () => {
    const tenant = await under.tenantWith({ anna: null });
    expect(told(await under.rows(tenant, { minimumScore: 0.85 }))).toEqual(['anna: tea']);
    expect(told(await under.rows(tenant, { minimumScore: 0.95 }))).toEqual(['anna: none lowRelevance']);
    // A share of the best, which is 0.9: the best itself always stays.
    expect(told(await under.rows(tenant, { minimumRelevance: 0.85 }))).toEqual(['anna: tea, cup']);
    expect(told(await under.rows(tenant, { minimumRelevance: 1 }))).toEqual(['anna: tea']);
    const both = { minimumScore: 0.85, minimumRelevance: 0.1 };
    expect(told(await under.rows(tenant, both))).toEqual(['anna: tea']);
  });

  test('obeys rules, retirements and the state, as answers do', async () => {
    const tenant = await under.tenantWith({ anna: null });
    await under.sql(
      tenant,
      `INSERT INTO product (tenant_id, product_id, retired_at) VALUES ($1, 'tea', now())`,
      [tenant.id],
    );
    expect(told(await under.rows(tenant))).toEqual(['anna: cup, pot']);
    await under.ports.offerings.change(tenant.id, {
      kind: 'rules',
      document: [{ ruleId: 'no-cups', kind: 'exclude', products: { productIds: ['cup'] } }],
      ...{ reason: 'spec', actor: 'spec', expectedVersion: undefined },
    });
    expect(told(await under.rows(tenant))).toEqual(['anna: pot']);
    expect(told(await under.rows({ ...tenant, state: 'off' }))).toEqual(['anna: none off']);
    const newcomer = await createTestTenant(under.database);
    await under.sql(newcomer, `INSERT INTO customer (tenant_id, customer_id) VALUES ($1, 'zoe')`, [
      newcomer.id,
    ]);
    expect(told(await under.rows(newcomer))).toEqual(['zoe: none noModelYet']);
  });
});

describe('a worker', () => {
  test('that has lost its lease writes nothing, and leaves nothing behind', async () => {
    const tenant = await under.tenantWith({ anna: null });
    const { exportId } = await under.request(tenant);
    const late = await under.claim(tenant, exportId, -1);
    const next = await under.claim(tenant, exportId);
    expect(next.attempt).toBe(2);
    await expect(exportLists(under.ports, tenant, late)).rejects.toMatchObject({ code: 'leaseLost' });
    await exportLists(under.ports, tenant, next);
    expect(await under.repository.find(tenant.id, exportId)).toMatchObject({
      status: 'succeeded',
      attempt: 2,
    });
    expect(await readdir(join(under.folder, 'exports', String(tenant.id)))).toEqual([`${exportId}.rows`]);
  });

  test('writes one export of a tenant at a time, and finds the next', async () => {
    const tenant = await under.tenantWith({ anna: null });
    const [first, second] = [await under.request(tenant), await under.request(tenant)];
    const claim = await under.claim(tenant, first.exportId);
    expect(await under.repository.claim(tenant.id, first.exportId, 1_000)).toBeUndefined();
    expect(await under.repository.claim(tenant.id, second.exportId, 1_000)).toBeUndefined();
    const fleet = new PostgresFleetExportRepository(under.database.platform);
    const waiting = async () =>
      (await fleet.claimable())
        .filter(({ tenantId }) => tenantId === tenant.id)
        .map(({ exportId }) => exportId);
    expect(await waiting()).toEqual([second.exportId]);
    await under.repository.fail(claim, 'unavailable', 'The disk is full.', true);
    expect((await waiting()).sort()).toEqual([first.exportId, second.exportId].sort());
    expect(await under.repository.claim(tenant.id, second.exportId, 1_000)).toMatchObject({
      options: OPTIONS,
    });
  });

  test('does not reach another tenant’s export', async () => {
    const [own, other] = [await under.tenantWith({}), await under.tenantWith({})];
    const { exportId } = await under.request(own);
    expect(await under.repository.find(other.id, exportId)).toBeUndefined();
    expect(await under.repository.claim(other.id, exportId, 1_000)).toBeUndefined();
    expect(await under.repository.list(other.id, 10)).toEqual([]);
  });
});
