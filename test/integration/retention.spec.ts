import { randomUUID } from 'node:crypto';
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  AttributionService,
  FeedbackService,
  RetentionService,
  verifyAuditTrail,
  type RetentionReport,
  type Tenant,
} from '#libs/domain';
import {
  FileRetentionFiles,
  KEPT_TABLES,
  PostgresAttributionRepository,
  PostgresAuditRepository,
  PostgresFeedbackRepository,
  PostgresFleetRetentionRepository,
  PostgresFleetTenantRepository,
  PostgresRetentionRepository,
  RETENTION_RULES,
} from '#libs/persistence';
import { createTestTenant, useTestNights } from '#libs/testing';
import { interactions, newcomersPurchases } from './grocer-nights.js';

const under = useTestNights(process.env);

function service(): RetentionService {
  const { database, nights } = under;
  return new RetentionService({
    rows: new PostgresRetentionRepository(database.tenants),
    fleetRows: new PostgresFleetRetentionRepository(database.platform),
    files: new FileRetentionFiles(nights.folder),
    tenants: new PostgresFleetTenantRepository(database.platform),
    ...{ registry: nights.registry, artifacts: nights.ports.artifacts, lists: nights.ports.lists },
  });
}

const apply = (only: Tenant, dryRun = false, now = new Date()): Promise<RetentionReport> =>
  service().apply({ only, dryRun, now });
const admin = (sql: string, ...values: unknown[]) => under.database.admin.query(sql, values);

async function countsOf(tenant: Tenant): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { table } of RETENTION_RULES)
    counts[table] = (await admin(`SELECT FROM ${table} WHERE tenant_id = $1`, tenant.id)).rowCount ?? 0;
  return counts;
}

/** An ended run with a stage, a report, a rejected version, a publication, a verdict and much else, so many days old. */
async function addTraces(
  tenant: Tenant,
  version: number,
  daysAgo: number,
  promoted = false,
): Promise<string> {
  const runId = randomUUID();
  const at = new Date(Date.now() - daysAgo * 86_400_000);
  const add = (table: string, columns: Record<string, unknown>) => {
    const names = ['tenant_id', ...Object.keys(columns)];
    const places = names.map((_, index) => `$${index + 1}`);
    return admin(
      `INSERT INTO ${table} (${names.join(', ')}) VALUES (${places.join(', ')})`,
      ...[tenant.id, ...Object.values(columns)],
    );
  };
  const run = {
    run_id: runId,
    night: at,
    kind: 'nightly',
    status: 'succeeded',
    active: null,
    requested_by: 'planner',
  };
  await add('run', { ...run, seed: 1, template_version: 1, created_at: at, finished_at: at });
  await add('run_stage', {
    run_id: runId,
    stage: 'train',
    status: 'succeeded',
    attempt: 1,
    fencing_token: 1,
  });
  await add('data_quality_report', {
    run_id: runId,
    passed: true,
    findings: '[]',
    numbers: '{}',
    created_at: at,
  });
  await add('model_version', {
    ...{
      version,
      run_id: runId,
      status: promoted ? 'retired' : 'rejected',
      algorithm: 'ials',
      recipe: '{}',
      seed: 1,
    },
    ...{
      watermark: at,
      snapshot_hash: 'x',
      holdout_from: at,
      code_version: 'x',
      metrics: '{}',
      training_seconds: 1,
    },
    ...{ artifact: `x-${version}`, artifact_sha256: 'x', created_at: at, promoted_at: promoted ? at : null },
  });
  await add('verdict', {
    ...{ run_id: runId, lane: 'change', challenger_version: version, promoted: false, reason_code: 'x' },
    ...{ sentence: 'x', numbers: '{}', created_at: at },
  });
  await add('publication', {
    ...{ publication_id: randomUUID(), run_id: runId, model_version: version, list_file: `x-${version}` },
    ...{ list_sha256: 'x', customer_lists: 1, fallback_lists: 1, published_at: at },
  });
  const event = { event_id: randomUUID(), customer_id: 'anna', product_id: 'tea' };
  await add('impression', { ...event, shown_at: at });
  await add('outcome', { ...event, kind: 'bought', occurred_at: at });
  await add('interaction', { ...event, type: 'view', occurred_at: at });
  await add('served_answers', {
    day: at,
    node_id: 'n',
    status: 'ok',
    status_reason: '',
    answers: 1,
    flush: 1,
  });
  await add('outbox', {
    message_id: randomUUID(),
    topic: 'x',
    payload: '{}',
    created_at: at,
    delivered_at: at,
  });
  const exportId = randomUUID();
  await add('list_export', {
    ...{ export_id: exportId, status: 'expired', options: '{}', requested_by: 'x', finished_at: at },
  });
  await add('export_event', { export_id: exportId, event_id: randomUUID(), kind: 'requested', actor: 'x' });
  await add('export_contact', { customer_id: 'anna', export_id: exportId });
  return runId;
}

test('every table of a tenant is pruned by a rule, or kept for a reason', async () => {
  const { rows } = await admin(
    `SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition`,
  );
  const known = [...new Set([...RETENTION_RULES.map(({ table }) => table), ...Object.keys(KEPT_TABLES)])];
  expect(known.toSorted()).toEqual(rows.map(({ name }) => name).toSorted());
});

test('the key of each rule is the primary key of its table', async () => {
  for (const { table, key } of RETENTION_RULES) {
    const { rows } = await admin(
      `SELECT a.attname AS name FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)
        WHERE i.indrelid = $1::regclass AND i.indisprimary`,
      table,
    );
    expect([table, ...rows.map(({ name }) => name).toSorted()]).toEqual([
      table,
      ...['tenant_id', ...key].toSorted(),
    ]);
  }
});

describe('pruning', () => {
  test('removes what is old, as the dry run said, and nothing that is served, young, or of somebody else', async () => {
    const tenant = await createTestTenant(under.database);
    const other = await createTestTenant(under.database);
    await under.nights.load(tenant, interactions);
    expect((await under.nights.run(tenant)).outcome).toBe('promoted');
    // What serves is older than anything else, and stays all the same.
    for (const table of ['run', 'model_version', 'publication', 'verdict'])
      await admin(
        `UPDATE ${table} SET ${table === 'publication' ? 'published_at' : 'created_at'} = now() - interval '900 days'
          WHERE tenant_id = $1`,
        tenant.id,
      );
    await admin(`UPDATE run SET finished_at = created_at WHERE tenant_id = $1`, tenant.id);
    const served = await under.nights.registry.pointer(tenant.id);
    for (const owner of [tenant, other]) {
      await addTraces(owner, 51, 500, true);
      await addTraces(owner, 52, 501);
      await addTraces(owner, 49, 502);
    }
    const youngRun = await addTraces(tenant, 50, 10);
    const before = await countsOf(tenant);
    const beforeOther = await countsOf(other);

    const told = await apply(tenant, true);
    expect(await countsOf(tenant)).toEqual(before);
    const done = await apply(tenant);
    expect(done).toEqual(told);
    const after = await countsOf(tenant);
    for (const table of Object.keys(before))
      expect([table, before[table] - after[table]]).toEqual([table, done.pruned[table] ?? 0]);
    expect(await under.nights.runs.find(tenant.id, youngRun)).toBeDefined();
    // 51 was champion and may be rolled back to; 52 is the newest version: numbers go on from it.
    expect(done.pruned).toMatchObject({
      model_version: 1,
      run: 2,
      run_stage: 2,
      publication: 2,
      impression: 3,
      outcome: 3,
      export_contact: 3,
    });
    const versions = await under.nights.registry.list(tenant.id, 10);
    expect(versions.map(({ version }) => version)).toEqual(
      expect.arrayContaining([served?.modelVersion, 50, 51, 52]),
    );
    expect(await countsOf(other)).toEqual(beforeOther);
    const again = Object.values((await apply(tenant)).pruned);
    expect(again.every((count) => count === 0)).toBe(true);

    // The platform goes on as before: a night, and the version that was served.
    await under.nights.load(tenant, newcomersPurchases());
    expect(['promoted', 'kept']).toContain((await under.nights.run(tenant)).outcome);
    expect((await under.nights.registry.list(tenant.id, 1))[0].version).toBeGreaterThanOrEqual(52);
  });

  test('a tenant that wants its interactions gone gets that; a batch is as small as it takes', async () => {
    const settings = { retention: { interactionDays: 30 } };
    const tenant = await createTestTenant(under.database, { settings });
    await admin(
      `INSERT INTO interaction (tenant_id, event_id, type, product_id, occurred_at)
       SELECT $1, n::text, 'view', 'tea', now() - interval '31 days' FROM generate_series(1, 12001) n`,
      tenant.id,
    );
    await addTraces(tenant, 1, 10);
    expect((await apply(tenant)).pruned.interaction).toBe(12_001);
    expect((await countsOf(tenant)).interaction).toBe(1);
  });

  test('files of rejected rows go after their time, exports that nobody knows as well', async () => {
    const tenant = await createTestTenant(under.database);
    const put = async (name: string, daysAgo: number) => {
      const path = join(under.nights.folder, name);
      await mkdir(join(path, '..'), { recursive: true });
      await writeFile(path, 'x');
      const at = new Date(Date.now() - daysAgo * 86_400_000);
      await utimes(path, at, at);
    };
    for (const days of [10, 100]) await put(`imports/${tenant.id}/${days}.rejected.ndjson`, days);
    for (const days of [3, 30]) await put(`exports/${tenant.id}/${days}.rows`, days);
    expect((await apply(tenant, true)).pruned).toMatchObject({ rejectedRowFiles: 1, exportFiles: 1 });
    await apply(tenant);
    expect(await readdir(join(under.nights.folder, 'imports', String(tenant.id)))).toEqual([
      '10.rejected.ndjson',
    ]);
    expect(await readdir(join(under.nights.folder, 'exports', String(tenant.id)))).toEqual(['3.rows']);
  });
});

describe('the audit trail', () => {
  const verification = (tenant: Tenant) =>
    new PostgresAuditRepository(under.database.tenants).read(tenant.id, verifyAuditTrail);

  test('loses its oldest entries, says so, and can be followed; an entry taken out otherwise shows', async () => {
    const tenant = await createTestTenant(under.database);
    for (let n = 0; n < 5; n++)
      await admin(`SELECT append_audit($1, 'key.created', 'anna', NULL, NULL, NULL)`, tenant.id);
    await admin('ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_unchanged');
    await admin(
      `UPDATE audit_entry SET at = now() - interval '1200 days' WHERE tenant_id = $1 AND sequence <= 3`,
      tenant.id,
    );
    await admin('ALTER TABLE audit_entry ENABLE TRIGGER audit_entry_unchanged');
    expect((await apply(tenant, true)).pruned.audit_entry).toBe(3);
    expect((await apply(tenant)).pruned.audit_entry).toBe(3);
    expect(await verification(tenant)).toMatchObject({ intact: true, entries: 3, head: { sequence: 6 } });
    expect((await apply(tenant)).pruned.audit_entry).toBeUndefined();
    await admin('DELETE FROM audit_entry WHERE tenant_id = $1 AND sequence = 4', tenant.id);
    expect(await verification(tenant)).toMatchObject({
      intact: false,
      broken: { sequence: 1, problem: 'missing' },
    });
  });
});

test('days whose feedback is gone keep their numbers, whatever is counted anew', async () => {
  const tenant = await createTestTenant(under.database, { timeZone: 'UTC' });
  const feedback = new FeedbackService(new PostgresFeedbackRepository(under.database.serving));
  const attribution = new AttributionService(new PostgresAttributionRepository(under.database.tenants));
  const at = (daysAgo: number) => new Date(Date.now() - daysAgo * 86_400_000).toISOString();
  const row = (kind: string, daysAgo: number) => ({
    ...{
      eventId: randomUUID(),
      kind,
      customerId: 'anna',
      productId: 'tea',
      recommendationId: 'r',
      occurredAt: at(daysAgo),
    },
  });
  await feedback.record(tenant.id, [row('shown', 500), row('shown', 100), row('shown', 1)]);
  await attribution.attribute(tenant);
  const days = async () =>
    (
      await admin(
        'SELECT day::text, shown FROM daily_kpi WHERE tenant_id = $1 AND shown > 0 ORDER BY day',
        tenant.id,
      )
    ).rows;
  const counted = await days();
  expect(counted).toHaveLength(3);
  expect((await apply(tenant)).pruned).toMatchObject({ impression: 1 });
  await attribution.attribute({ ...tenant, settings: { attributionWindowDays: 7 } });
  expect(await days()).toEqual(counted);
});

describe('once a day', () => {
  const fleet = () => new PostgresFleetRetentionRepository(under.database.platform);

  test('one worker does it; another takes over from one that fell silent, and only then', async () => {
    const day = `20${10 + Math.floor(Math.random() * 80)}-01-01`;
    expect(await fleet().claim(day, 60_000)).toBe(1);
    expect(await fleet().claim(day, 60_000)).toBeUndefined();
    await admin(`UPDATE maintenance_run SET lease_until = now() - interval '1 s' WHERE day = $1`, day);
    expect(await fleet().claim(day, 60_000)).toBe(2);
    await expect(fleet().extend(day, 1, 60_000)).rejects.toThrow();
    await fleet().finish(day, 2, { run: 3 });
    expect(await fleet().claim(day, 60_000)).toBeUndefined();
    const { rows } = await admin('SELECT pruned FROM maintenance_run WHERE day = $1', day);
    expect(rows).toEqual([{ pruned: { run: 3 } }]);
    await admin('DELETE FROM maintenance_run WHERE day = $1', day);
  });

  test('sessions that have expired go; the platform sees no other, and of those only when', async () => {
    const accountId = randomUUID();
    const add = (token: string, until: string) =>
      admin(
        `INSERT INTO session (token_sha256, account_id, expires_at) VALUES ($1, $2, now() + $3::interval)`,
        ...[token, accountId, until],
      );
    const [expired, valid] = [randomUUID(), randomUUID()];
    await add(expired, '-1 hour');
    await add(valid, '1 hour');
    await expect(under.database.platform.query('SELECT token_sha256 FROM session')).rejects.toThrow(
      'permission denied',
    );
    expect((await fleet().prune({ now: new Date(), dryRun: true })).session).toBeGreaterThan(0);
    await fleet().prune({ now: new Date(Date.now() + 7_200_000), dryRun: false });
    const { rows } = await admin('SELECT token_sha256 FROM session WHERE account_id = $1', accountId);
    expect(rows).toEqual([{ token_sha256: valid }]);
  });
});
