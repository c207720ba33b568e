import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { erase, ErasureService, replayErasures, type ErasurePorts, type Tenant } from '#libs/domain';
import {
  FileErasureFiles,
  FileErasureLedger,
  PostgresErasureRepository,
  PostgresFeedbackRepository,
  PostgresFleetErasureRepository,
} from '#libs/persistence';
import { createTestTenant, useTestNights } from '#libs/testing';
import { interactions, newcomersPurchases } from './grocer-nights.js';

const under = useTestNights(process.env);
let erasures: PostgresErasureRepository;
let service: ErasureService;
let ports: ErasurePorts;

beforeAll(() => {
  erasures = new PostgresErasureRepository(under.database.tenants);
  service = new ErasureService(erasures);
  const { folder, ports: night } = under.nights;
  ports = {
    ...{ erasures, lists: night.lists, artifacts: night.artifacts },
    ledger: new FileErasureLedger(folder),
    files: new FileErasureFiles(folder),
  };
});

/** A tenant with a night behind it, in which this customer has a list, and traces of the customer in every store. */
async function tenantWith(customerId: string): Promise<Tenant> {
  const tenant = await createTestTenant(under.database);
  await under.nights.load(tenant, [...interactions, ...newcomersPurchases(customerId)]);
  expect((await under.nights.run(tenant)).outcome).toBe('promoted');
  await feedback(tenant, customerId);
  await under.database.tenants.runBulk(tenant.id, async (client) => {
    const values = [tenant.id, customerId];
    await client.query('INSERT INTO export_contact VALUES ($1, $2, gen_random_uuid())', values);
    await client.query(
      `INSERT INTO attributed_purchase (tenant_id, purchase_id, day, customer_id, product_id, bought_at, shown_at)
       VALUES ($1, 'outcome:1', '2026-11-01', $2, 'p', now(), now())`,
      values,
    );
  });
  await write(`exports/${tenant.id}/${randomUUID()}.rows`, `${customerId},p1\n`);
  const rejected = [
    { row: 1, values: { customer: customerId } },
    { row: 2, values: { customer: 'another' } },
  ];
  await write(
    `imports/${tenant.id}/x.rejected.ndjson`,
    rejected.map((row) => `${JSON.stringify(row)}\n`).join(''),
  );
  await write(`artifacts/tenants/${tenant.id}/runs/${randomUUID()}/snapshot`, customerId);
  return tenant;
}

async function feedback(tenant: Tenant, customerId: string): Promise<number> {
  const occurredAt = new Date('2026-11-02T00:00:00Z');
  const unsaid = { recommendationId: undefined, reason: undefined, position: undefined, quantity: undefined };
  const event = {
    customerId,
    productId: 'p',
    occurredAt,
    ...unsaid,
    unitPrice: undefined,
    onBehalfOf: undefined,
  };
  return new PostgresFeedbackRepository(under.database.serving).append(tenant.id, [
    { ...event, eventId: randomUUID(), kind: 'shown' },
    { ...event, eventId: randomUUID(), kind: 'bought' },
  ]);
}

async function write(path: string, content: string): Promise<void> {
  const whole = join(under.nights.folder, path);
  await mkdir(join(whole, '..'), { recursive: true });
  await writeFile(whole, content);
}

/** Tables and files that hold this text, in whatever column or byte. */
async function placesOf(text: string): Promise<string[]> {
  const { rows } = await under.database.admin.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition`,
  );
  const places: string[] = [];
  for (const { name } of rows) {
    const found = await under.database.admin.query(
      `SELECT FROM "${name}" AS t WHERE strpos(t::text, $1) > 0 LIMIT 1`,
      [text],
    );
    if (found.rowCount !== 0) places.push(name);
  }
  const files = await readdir(under.nights.folder, { recursive: true, withFileTypes: true });
  for (const file of files.filter((entry) => entry.isFile())) {
    const path = join(file.parentPath, file.name);
    if ((await readFile(path)).includes(text)) places.push(path.slice(under.nights.folder.length + 1));
  }
  return places;
}

/** As a worker does it, as often as it takes; a postponed erasure is taken up at once. */
async function work(tenant: Tenant, erasureId: string): Promise<string | undefined> {
  await under.database.admin.query('UPDATE erasure SET not_before = now() WHERE erasure_id = $1', [
    erasureId,
  ]);
  const claim = await erasures.claim(tenant.id, erasureId, 60_000);
  if (claim === undefined) throw new Error('The erasure cannot be claimed.');
  return erase(ports, claim);
}

/** Of everything that a tenant has in the database. */
async function checksum(tenantId: number): Promise<string> {
  const { rows } = await under.database.admin.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1`,
  );
  const sums: string[] = [];
  for (const { name } of rows) {
    const sum = await under.database.admin.query<{ sum: string }>(
      `SELECT concat(count(*), '/', sum(hashtextextended(t::text, 0)::numeric)) AS sum FROM "${name}" AS t WHERE tenant_id = $1`,
      [tenantId],
    );
    sums.push(`${name} ${sum.rows[0].sum}`);
  }
  return sums.join('\n');
}

describe('erasing a customer', () => {
  test('leaves them in no table and no file, says what was where, and touches nobody else', async () => {
    const customerId = `gone-${randomUUID()}`;
    const tenant = await tenantWith(customerId);
    const neighbour = await createTestTenant(under.database);
    await under.nights.load(neighbour, newcomersPurchases(customerId.replace('gone', 'stays')));
    const before = await checksum(neighbour.id);
    expect(await placesOf(customerId)).toEqual(
      expect.arrayContaining([
        'customer',
        'interaction',
        'impression',
        'outcome',
        'attributed_purchase',
        'export_contact',
      ]),
    );
    const listsBefore = await under.nights.servedLists(tenant, (lists) => ({
      other: lists.customerList(interactions[0].customerId as string, 10),
      theirs: lists.customerList(customerId, 10),
    }));
    expect(listsBefore.theirs).toBeDefined();
    const pointer = await under.nights.registry.pointer(tenant.id);

    const { erasureId } = await service.requestCustomer(tenant, customerId, 'spec');
    expect(await work(tenant, erasureId)).toBeUndefined();

    expect(await placesOf(customerId)).toEqual([]);
    const done = await service.get(tenant, erasureId);
    expect(done).toMatchObject({ status: 'succeeded', requestedBy: 'spec', subject: 'customer' });
    const counts = Object.fromEntries(
      done.receipt.map(({ store, what, count }) => [`${store}/${what}`, count]),
    );
    expect(counts).toMatchObject({
      'postgres/customer': 1,
      'postgres/interaction': 3,
      'postgres/impression': 1,
      'postgres/outcome': 1,
      'postgres/attributed_purchase': 1,
      'postgres/export_contact': 1,
      'files/exports': 1,
      'files/rejectedRows': 1,
      'lists/filesRewritten': 1,
    });
    // Everybody else's list is what it was, under another file, in service since the same moment.
    const after = await under.nights.registry.pointer(tenant.id);
    expect(after).toMatchObject({ publicationId: pointer?.publicationId, movedAt: pointer?.movedAt });
    expect(after?.listFile).not.toBe(pointer?.listFile);
    await under.nights.servedLists(tenant, (lists) => {
      expect(lists.customerList(interactions[0].customerId as string, 10)).toEqual(listsBefore.other);
      expect(lists.customerList(customerId, 10)).toBeUndefined();
    });
    expect(await checksum(neighbour.id)).toBe(before);
    expect(
      await readFile(join(under.nights.folder, `imports/${tenant.id}/x.rejected.ndjson`), 'utf8'),
    ).toContain('another');
  });

  test('keeps them from coming back by feedback, by an import or by another night', async () => {
    const customerId = `gone-${randomUUID()}`;
    const tenant = await tenantWith(customerId);
    const { erasureId } = await service.requestCustomer(tenant, customerId, 'spec');
    await work(tenant, erasureId);
    expect(await feedback(tenant, customerId)).toBe(0);
    expect(await feedback(tenant, 'somebody else')).toBe(2);
    const rows = [...newcomersPurchases(customerId), ...newcomersPurchases('somebody else')];
    const result = await under.nights.imports.importRecords(tenant, 'interactions', rows);
    expect(result).toMatchObject({ read: 6, accepted: 3, rejected: 3 });
    expect(result.rejections.map(({ row, field, code }) => ({ row, field, code }))).toEqual(
      [1, 2, 3].map((row) => ({ row, field: 'customerId', code: 'customerErased' })),
    );
    await under.nights.run(tenant);
    expect(await placesOf(customerId)).toEqual([]);
  });

  test('waits for a run that has already seen them, and erases what it published', async () => {
    const customerId = `gone-${randomUUID()}`;
    const tenant = await tenantWith(customerId);
    // Another worker's run is past its snapshot; it stops after the fifth stage and is taken up again later.
    const { outcome } = await under.nights
      .run(tenant, { mayGoOn: (begun) => begun < 5 })
      .catch(() => ({ outcome: 'stopped' }));
    expect(outcome).not.toBe('promoted');
    const { erasureId } = await service.requestCustomer(tenant, customerId, 'spec');
    expect(await work(tenant, erasureId)).toBe('run');
    expect(await service.get(tenant, erasureId)).toMatchObject({ status: 'queued', waitingFor: 'run' });
    expect((await service.requestCustomer(tenant, customerId, 'again')).erasureId).toBe(erasureId);
    await under.database.admin.query(
      `UPDATE run SET lease_until = now() - interval '1 second' WHERE tenant_id = $1 AND active`,
      [tenant.id],
    );
    await under.nights.run(tenant);
    expect(await work(tenant, erasureId)).toBeUndefined();
    expect(await placesOf(customerId)).toEqual([]);
  });

  test('is finished by the next worker when one dies in the middle, and counts once', async () => {
    const customerId = `gone-${randomUUID()}`;
    const tenant = await tenantWith(customerId);
    const { erasureId } = await service.requestCustomer(tenant, customerId, 'spec');
    const claim = await erasures.claim(tenant.id, erasureId, 1);
    const dying: ErasurePorts = {
      ...ports,
      files: new (class extends FileErasureFiles {
        override removeRejectedRows(): Promise<number> {
          return Promise.reject(new Error('killed'));
        }
      })(under.nights.folder),
    };
    await expect(erase(dying, claim!)).rejects.toThrow('killed');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await work(tenant, erasureId)).toBeUndefined();
    await expect(erase(ports, claim!)).rejects.toMatchObject({ code: 'leaseLost' });
    expect(await placesOf(customerId)).toEqual([]);
    const { receipt } = await service.get(tenant, erasureId);
    expect(receipt.find(({ what }) => what === 'interaction')).toMatchObject({ count: 3 });
  });

  test('is repeated after a restore that has brought them back', async () => {
    const customerId = `gone-${randomUUID()}`;
    const tenant = await tenantWith(customerId);
    const { erasureId } = await service.requestCustomer(tenant, customerId, 'spec');
    await work(tenant, erasureId);
    // The database of before: it knows the customer and nothing of the erasure.
    for (const table of ['erasure', 'erased_customer', 'erasure_key'])
      await under.database.admin.query(`DELETE FROM ${table} WHERE tenant_id = $1`, [tenant.id]);
    await under.nights.load(tenant, newcomersPurchases(customerId));
    const others = (await ports.ledger.entries()).filter((entry) => entry.tenantId !== tenant.id).length;
    const replayed = await replayErasures(ports.ledger, erasures);
    expect(replayed.entries).toBe(others + 1);
    expect(replayed.foundAgain).toBe(1);
    const [again] = await service.list(tenant, 10);
    await work(tenant, again.erasureId);
    expect(await placesOf(customerId)).toEqual([]);
  });

  test("knows every table with a customer's id", async () => {
    const { CUSTOMER_TABLES } = await import('../../libs/persistence/src/erasure/erasure-sql.js');
    const { rows } = await under.database.admin.query<{ name: string }>(
      `SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'customer_id'
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition`,
    );
    // The erasure itself empties its own when it is done.
    expect(rows.map(({ name }) => name).sort()).toEqual([...CUSTOMER_TABLES, 'erasure'].sort());
  });

  test("another tenant's erasure is not found, and an id must be one", async () => {
    const [mine, other] = [await createTestTenant(under.database), await createTestTenant(under.database)];
    const { erasureId } = await service.requestCustomer(mine, 'somebody', 'spec');
    await expect(service.get(other, erasureId)).rejects.toMatchObject({ code: 'notFound' });
    for (const id of ['', ' ', 'x'.repeat(201)])
      await expect(service.requestCustomer(mine, id, 'spec')).rejects.toMatchObject({
        code: 'invalidCustomerId',
      });
  });
});

describe('erasing a tenant', () => {
  test('leaves nothing but a receipt with the platform, and its neighbours untouched', async () => {
    const customerId = `gone-${randomUUID()}`;
    const tenant = await tenantWith(customerId);
    const neighbour = await createTestTenant(under.database);
    await under.nights.load(neighbour, newcomersPurchases());
    const before = await checksum(neighbour.id);
    await expect(service.requestTenant(tenant, 'yes', 'spec')).rejects.toMatchObject({
      code: 'notConfirmed',
    });
    const { erasureId } = await service.requestTenant(tenant, tenant.slug, 'spec');
    const keys = await under.database.admin.query(
      'SELECT FROM api_key WHERE tenant_id = $1 AND revoked_at IS NULL',
      [tenant.id],
    );
    expect(keys.rowCount).toBe(0);
    expect(await work(tenant, erasureId)).toBeUndefined();
    expect(await placesOf(customerId)).toEqual([]);
    expect(await placesOf(tenant.slug)).toEqual([]);
    expect((await checksum(tenant.id)).split('\n').filter((line) => !line.endsWith(' 0/'))).toEqual([]);
    expect(await checksum(neighbour.id)).toBe(before);
    const receipt = await new PostgresFleetErasureRepository(under.database.platform).tenantErasure(
      erasureId,
    );
    expect(receipt).toMatchObject({ status: 'succeeded', requestedBy: 'spec' });
    expect(receipt?.receipt.find(({ what }) => what === 'interaction')?.count).toBe(interactions.length + 3);
  });

  test('every table of tenants lets the eraser in, and the application alone deletes no history', async () => {
    const { rows } = await under.database.admin.query<{ name: string }>(
      `SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
          AND (NOT has_table_privilege('nightshift_eraser', c.oid, 'SELECT, DELETE')
               OR NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid
                                AND 'nightshift_eraser'::regrole = ANY (p.polroles)))`,
    );
    expect(rows).toEqual([]);
    const tenant = await createTestTenant(under.database);
    const deletion = under.database.tenants.runBulk(tenant.id, (client) =>
      client.query('DELETE FROM verdict'),
    );
    await expect(deletion).rejects.toMatchObject({ code: '42501' });
  });
});
