import { createTestDatabase, type TestDatabase } from '#libs/testing';
import { catalogueFindings } from '../../bench/isolation/catalogue.ts';

// What the catalogue says of every object there is, so that a table that somebody adds cannot be forgotten. Plain SQL that
// tries the walls is in tenant-isolation.spec.ts.

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase(process.env);
});

afterAll(() => database?.close());

test('nothing in the database is without its walls', async () => {
  expect(await catalogueFindings(database.admin)).toEqual([]);
});

const TABLE = 'CREATE TABLE forgotten (tenant_id integer NOT NULL, id integer, PRIMARY KEY (tenant_id, id))';
const POLICY = `CREATE POLICY tenant_rows ON forgotten TO nightshift_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::integer)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::integer)`;
const FORCED =
  'ALTER TABLE forgotten ENABLE ROW LEVEL SECURITY; ALTER TABLE forgotten FORCE ROW LEVEL SECURITY';

test.each([
  ['a table without row-level security', TABLE, 'forgotten: every table and partition forces'],
  [
    'a table that does not force it',
    `${TABLE}; ALTER TABLE forgotten ENABLE ROW LEVEL SECURITY; ${POLICY}`,
    'forgotten: every table and partition forces',
  ],
  ['a table without a policy', `${TABLE}; ${FORCED}`, "forgotten: every tenant's table has"],
  [
    'a policy that lets all through',
    `${TABLE}; ${FORCED}; ${POLICY}; CREATE POLICY open ON forgotten TO nightshift_app USING (true)`,
    'forgotten.open: no policy',
  ],
  [
    'a policy for everybody',
    `${TABLE}; ${FORCED}; ${POLICY}; CREATE POLICY open ON forgotten USING (true)`,
    'forgotten.open: no policy',
  ],
  [
    'a table of nobody',
    `CREATE TABLE forgotten (id integer PRIMARY KEY); ${FORCED}`,
    'forgotten: every table either has',
  ],
  [
    'a partition of its own',
    'GRANT SELECT ON interaction_p03 TO nightshift_app',
    'interaction_p03: every partition',
  ],
  ['a view', 'CREATE VIEW forgotten AS SELECT * FROM customer', 'forgotten: a view asks'],
  [
    'a materialised view',
    'CREATE MATERIALIZED VIEW forgotten AS SELECT * FROM customer',
    'forgotten: there is no materialised',
  ],
  [
    "a function with its owner's rights",
    `CREATE FUNCTION forgotten() RETURNS integer LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'`,
    'forgotten: no function runs',
  ],
  [
    'a leakproof function',
    `CREATE FUNCTION forgotten() RETURNS integer LANGUAGE sql LEAKPROOF AS 'SELECT 1'`,
    'forgotten: no function is leakproof',
  ],
  [
    'a sequence',
    'GRANT USAGE ON SEQUENCE tenant_id_seq TO nightshift_app',
    'tenant_id_seq: no login of tenants',
  ],
  ['a grant to everybody', 'GRANT SELECT ON customer TO PUBLIC', 'customer: nothing is granted to everybody'],
  [
    'a default privilege',
    'ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO nightshift_app',
    'r: nothing that is made later',
  ],
  [
    'a right to create',
    'GRANT CREATE ON SCHEMA public TO nightshift_app',
    'public for nightshift_app: no login may create',
  ],
  ['another schema', 'CREATE SCHEMA forgotten', 'forgotten: no login may create'],
  [
    'a right to truncate',
    'GRANT TRUNCATE ON customer TO nightshift_app',
    'customer for nightshift_app: no group can truncate',
  ],
  ['a group in another', 'GRANT nightshift_platform TO nightshift_app', 'nightshift_app: no group is above'],
  [
    'a right of the login of people to customers',
    'GRANT SELECT (region) ON customer TO nightshift_accounts',
    'nightshift_accounts reads customer.region: a login of no tenant',
  ],
  [
    "a right of the data plane to a product's name",
    'GRANT SELECT ON product TO nightshift_serving',
    'nightshift_serving reads product.name: a login of no tenant',
  ],
  [
    'a right of the application to people',
    'GRANT SELECT (email) ON account TO nightshift_app',
    'account for nightshift_app: the application has no right',
  ],
  [
    'a foreign key',
    'ALTER TABLE offer ADD CONSTRAINT forgotten FOREIGN KEY (tenant_id, product_id) REFERENCES product',
    'forgotten: no foreign key',
  ],
  [
    'uniqueness over all tenants',
    'CREATE UNIQUE INDEX forgotten ON customer (customer_id)',
    'forgotten: uniqueness is within',
  ],
])('%s is found', async (_, sql, finding) => {
  const client = await database.admin.connect();
  try {
    await client.query('BEGIN');
    await client.query(sql);
    expect(await catalogueFindings(client)).toContainEqual(expect.stringContaining(finding));
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
});
