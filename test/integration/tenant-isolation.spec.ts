import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import {
  affectedOrDenied,
  connect,
  count,
  createTenant,
  fill,
  inContext,
  isAllowed,
  PERMISSION_DENIED,
  tablesOfCatalogue,
} from './isolated-tenants.js';

// Row-level security as the last wall: plain SQL through the three logins, with none of the application's own checks.

const HEX = randomBytes(4).toString('hex');

let app: pg.Client;
let platform: pg.Client;
let serving: pg.Client;
let accounts: pg.Client;
let tenantA: number;
let tenantB: number;
let tables: string[];
let tenantTables: string[];

beforeAll(async () => {
  app = await connect('TEST_DATABASE_URL');
  platform = await connect('TEST_PLATFORM_DATABASE_URL');
  serving = await connect('TEST_SERVING_DATABASE_URL');
  accounts = await connect('TEST_ACCOUNTS_DATABASE_URL');
  [tenantA, tenantB] = [
    await createTenant(platform, `wall-a-${HEX}`),
    await createTenant(platform, `wall-b-${HEX}`),
  ];
  tables = await tablesOfCatalogue(app, `c.relkind IN ('r', 'p')`);
  // Every table that has a tenant_id; partitions are reached through their parents.
  tenantTables = await tablesOfCatalogue(
    app,
    `c.relkind IN ('r', 'p') AND NOT c.relispartition
     AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped)`,
  );
  for (const tenantId of [tenantA, tenantB]) await fill({ app, accounts }, tenantTables, tenantId);
});

afterAll(async () => {
  await Promise.all([app?.end(), platform?.end(), serving?.end(), accounts?.end()]);
});

describe('the catalogue', () => {
  test('forces row-level security on every table and every partition', async () => {
    const { rows } = await app.query(
      `SELECT relname FROM pg_class WHERE relname = ANY($1) AND relnamespace = 'public'::regnamespace
       AND NOT (relrowsecurity AND relforcerowsecurity)`,
      [tables],
    );
    expect(rows).toEqual([]);
    expect(tables.length).toBeGreaterThan(100); // 3 hot tables have 32 partitions each
  });

  test('has a policy of its own for every table that belongs to tenants', async () => {
    const { rows } = await app.query(
      `SELECT tablename FROM pg_policies WHERE schemaname = 'public' AND 'nightshift_app' = ANY(roles)
       AND qual LIKE '%app.tenant_id%' AND with_check LIKE '%app.tenant_id%' AND cmd = 'ALL'`,
    );
    expect(rows.map((row) => row.tablename).sort()).toEqual([...tenantTables].sort());
  });

  test('puts tenant_id first in the primary key of every such table', async () => {
    const { rows } = await app.query(
      `SELECT c.relname FROM pg_class c JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
       WHERE c.relnamespace = 'public'::regnamespace AND c.relname = ANY($1) AND a.attname <> 'tenant_id'`,
      [tenantTables],
    );
    expect(rows).toEqual([]);
  });

  test.each(['app', 'platform', 'serving', 'accounts'])(
    'gives the %s login no way around it',
    async (kind) => {
      const client = { app, platform, serving, accounts }[kind]!;
      const { rows } = await client.query(
        `SELECT r.rolname FROM pg_roles r WHERE pg_has_role(current_user, r.oid, 'MEMBER')
       AND (r.rolsuper OR r.rolbypassrls OR r.rolcreaterole OR r.rolcreatedb)`,
      );
      expect(rows).toEqual([]);
      const owned = await client.query(
        `SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND pg_has_role(current_user, relowner, 'MEMBER')`,
      );
      expect(owned.rows).toEqual([]);
    },
  );

  test('lets nobody read a partition past its parent', async () => {
    for (const client of [app, platform, serving]) {
      for (const partition of ['interaction_p00', 'impression_p31', 'outcome_p07']) {
        await expect(client.query(`SELECT FROM ${partition}`)).rejects.toMatchObject({
          code: PERMISSION_DENIED,
        });
      }
    }
  });
});

describe('the application', () => {
  test('sees nothing when it names no tenant', async () => {
    for (const table of [...tenantTables, 'tenant']) {
      expect([table, await count(app, table)]).toEqual([table, 0]);
    }
  });

  test.each(['', '0', '-1', '2147483647'])('sees nothing when it names tenant %j', async (value) => {
    for (const table of [...tenantTables, 'tenant']) {
      expect([table, await inContext(app, value, () => count(app, table))]).toEqual([table, 0]);
    }
  });

  test('is refused when what it names is no number', async () => {
    await expect(inContext(app, '1 OR true', () => count(app, 'customer'))).rejects.toThrow(
      /invalid input syntax/,
    );
  });

  test('forgets the tenant with the end of the transaction', async () => {
    await inContext(app, tenantA, () => count(app, 'customer'));
    expect(await count(app, 'customer')).toBe(0);
  });

  test('sees its own tenant and not the other, in every table', async () => {
    for (const table of tenantTables) {
      const ids = await inContext(app, tenantA, async () => {
        const { rows } = await app.query(`SELECT DISTINCT tenant_id FROM ${table}`);
        return rows.map((row) => row.tenant_id);
      });
      expect([table, ids]).toEqual([table, [tenantA]]);
    }
    const slugs = await inContext(app, tenantA, () => app.query('SELECT slug FROM tenant'));
    expect(slugs.rows).toEqual([{ slug: `wall-a-${HEX}` }]);
  });

  test("cannot update or delete the other's rows in any table", async () => {
    for (const table of tenantTables) {
      for (const sql of [
        `UPDATE ${table} SET tenant_id = tenant_id WHERE tenant_id = $1`,
        `DELETE FROM ${table} WHERE tenant_id = $1`,
      ]) {
        expect([sql, await affectedOrDenied(app, tenantA, sql, [tenantB])]).toEqual([sql, 0]);
      }
    }
    expect(
      await affectedOrDenied(app, tenantA, `UPDATE tenant SET state = 'off' WHERE id = $1`, [tenantB]),
    ).toBe(0);
  });

  test('cannot insert a row as the other, nor move one there', async () => {
    for (const table of tenantTables) {
      const copy = `INSERT INTO ${table} SELECT (jsonb_populate_record(t, jsonb_build_object('tenant_id', $1::integer))).* FROM ${table} t`;
      await expect(inContext(app, tenantA, () => app.query(copy, [tenantB]))).rejects.toMatchObject({
        code: PERMISSION_DENIED,
      });
    }
    // The same statement for one's own tenant comes as far as the primary key: it was the policy that refused.
    const own = `INSERT INTO customer SELECT * FROM customer`;
    await expect(inContext(app, tenantA, () => app.query(own))).rejects.toMatchObject({ code: '23505' });
    const move = `UPDATE customer SET tenant_id = $1 WHERE customer_id = 'c1'`;
    await expect(inContext(app, tenantA, () => app.query(move, [tenantB]))).rejects.toMatchObject({
      code: PERMISSION_DENIED,
    });
  });

  test('cannot rewrite history', async () => {
    for (const table of [
      'lifecycle_change',
      'registry_change',
      'verdict',
      'publication',
      'data_quality_report',
      'offering_change',
      'export_event',
    ]) {
      const update = inContext(app, tenantA, () => app.query(`UPDATE ${table} SET tenant_id = tenant_id`));
      await expect(update).rejects.toMatchObject({ code: PERMISSION_DENIED });
    }
  });

  test('finds by name exactly what it names', async () => {
    await app.query('BEGIN');
    await app.query(`SELECT set_config('app.tenant_slug', $1, true), set_config('app.key_id', $2, true)`, [
      `wall-b-${HEX}`,
      `key-${tenantB}`,
    ]);
    const named = await app.query(`SELECT slug FROM tenant UNION ALL SELECT key_id FROM api_key ORDER BY 1`);
    expect(named.rows.map((row) => row.slug)).toEqual([`key-${tenantB}`, `wall-b-${HEX}`]);
    expect(await count(app, 'customer')).toBe(0);
    const changed = await app.query(`UPDATE tenant SET state = 'off'`);
    expect(changed.rowCount).toBe(0);
    await app.query('ROLLBACK');
  });
});

describe('the platform', () => {
  const READABLE = [
    'tenant',
    'run',
    'run_stage',
    'worker_node',
    'outbox',
    'lifecycle_change',
    'list_export',
    'erasure',
    'audit_head',
    // How much of its quota a tenant has used up is among the troubles that operators see.
    'tenant_requests',
    // A run that is planned is told to whoever looks at the tenant.
    'watched_tenant',
  ];

  test('reads which tenants exist and how their runs and exports stand, and no more', async () => {
    for (const table of [...tenantTables, 'tenant']) {
      const allowed = await isAllowed(platform, `SELECT count(*) FROM ${table}`);
      expect([table, allowed]).toEqual([table, READABLE.includes(table)]);
    }
  });

  test('cannot help itself by naming a tenant or taking the role of another', async () => {
    await platform.query(`SELECT set_config('app.tenant_id', $1, false)`, [String(tenantA)]);
    expect(await isAllowed(platform, 'SELECT count(*) FROM customer')).toBe(false);
    expect(await isAllowed(platform, 'SET ROLE nightshift_app')).toBe(false);
  });
});

describe('the accounts', () => {
  test('know people and what tenants are called, and nothing of what is in them', async () => {
    const own = ['member', 'invitation', 'operator_visit', 'audit_head'];
    for (const table of tenantTables) {
      const allowed = await isAllowed(accounts, `SELECT count(*) FROM ${table}`);
      expect([table, allowed]).toEqual([table, own.includes(table)]);
    }
    expect(await isAllowed(accounts, 'SELECT id, slug, name FROM tenant')).toBe(true);
    expect(await isAllowed(accounts, 'SELECT settings FROM tenant')).toBe(false);
    for (const client of [app, platform, serving])
      for (const table of ['account', 'session'])
        expect(await isAllowed(client, `SELECT * FROM ${table}`)).toBe(false);
    for (const client of [app, serving])
      for (const table of ['account', 'session'])
        expect(await isAllowed(client, `SELECT count(*) FROM ${table}`)).toBe(false);
    // Retention: when sessions ended that are over, and nothing of those that are not.
    expect(await isAllowed(platform, 'SELECT expires_at FROM session')).toBe(true);
    for (const column of ['token_sha256', 'account_id', 'created_at', 'seen_at'])
      expect(await isAllowed(platform, `SELECT ${column} FROM session`)).toBe(false);
    expect(await isAllowed(app, 'SELECT token_sha256 FROM invitation')).toBe(false);
  });
});

describe('the data plane', () => {
  const READABLE = ['serving_pointer', 'erased_customer', 'erasure_key'];

  test('reads pointers, states and key hashes, and no data', async () => {
    for (const table of [...tenantTables, 'tenant', 'worker_node']) {
      const allowed = await isAllowed(serving, `SELECT * FROM ${table}`);
      expect([table, allowed]).toEqual([table, READABLE.includes(table)]);
    }
    expect(await isAllowed(serving, 'SELECT id, slug, state FROM tenant')).toBe(true);
    expect(await isAllowed(serving, 'SELECT settings FROM tenant')).toBe(false);
    expect(await isAllowed(serving, 'SELECT tenant_id, key_id, secret_sha256, scopes FROM api_key')).toBe(
      true,
    );
    expect(await isAllowed(serving, 'SELECT tenant_id, revision FROM offering')).toBe(true);
    expect(await isAllowed(serving, 'SELECT actor, reason FROM offering_change')).toBe(false);
    expect(await isAllowed(serving, 'SELECT name FROM product')).toBe(false);
    const sold = await serving.query(
      `SELECT tenant_id, product_id FROM product
        WHERE retired_at IS NULL AND NOT hidden AND NOT COALESCE(available_from > now(), false)`,
    );
    expect(sold.rows).toEqual([]);
  });

  test('appends feedback for the tenant that it names, and for no other', async () => {
    const insert = `INSERT INTO impression (tenant_id, event_id, customer_id, product_id, shown_at)
                    VALUES ($1, gen_random_uuid()::text, 'c1', 'p1', now())`;
    const as = async (named: number, written: number) => {
      await serving.query('BEGIN');
      await serving.query(`SELECT set_config('app.tenant_id', $1, true)`, [String(named)]);
      return serving.query(insert, [written]).finally(() => serving.query('ROLLBACK'));
    };
    expect((await as(tenantA, tenantA)).rowCount).toBe(1);
    await expect(as(tenantA, tenantB)).rejects.toMatchObject({ code: PERMISSION_DENIED });
    await expect(serving.query(insert, [tenantA])).rejects.toMatchObject({ code: PERMISSION_DENIED });
    expect(await isAllowed(serving, `UPDATE serving_pointer SET revision = 0`)).toBe(false);
    expect(await isAllowed(serving, `DELETE FROM impression`)).toBe(false);
  });
});
