import type { TestDatabase } from '#libs/testing';

/** Where it is noon: no midnight of the fleet comes in the middle of a test. */
function noonZone(): string {
  const ahead = 12 - new Date().getUTCHours();
  // The signs of these zones are the other way round.
  return `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
}

/**
 * Rows of a fleet as 30 nights leave them, made by the database itself: a few tenants frozen or off, some failed nights, some whose
 * accuracy falls. Nothing of it can be trained on.
 */
export async function fillFleet({ admin }: Pick<TestDatabase, 'admin'>, tenants: number): Promise<void> {
  const zone = noonZone();
  await admin.query(
    `INSERT INTO tenant (slug, name, time_zone, created_at, state, state_changed_at)
     SELECT 'shop-' || lpad(n::text, 4, '0'), 'Shop ' || n, $2, now() - make_interval(days => 31 + n % 400),
            (CASE WHEN n % 50 = 7 THEN 'frozen' WHEN n % 200 = 3 THEN 'off' ELSE 'on' END)::lifecycle_state,
            now() - make_interval(hours => n % 700)
     FROM generate_series(1, $1) AS n`,
    [tenants, zone],
  );
  await admin.query(
    `INSERT INTO lifecycle_change (tenant_id, change_id, from_state, to_state, reason, actor, changed_at)
     SELECT id, gen_random_uuid(), 'on', state, 'simulated', 'Pat <pat@shop.example>', state_changed_at
     FROM tenant WHERE slug LIKE 'shop-%' AND state <> 'on'`,
  );
  await admin.query(
    `INSERT INTO run (tenant_id, run_id, night, kind, trigger, status, active, outcome, requested_by, seed, template_version,
       attempt, deadline, created_at, started_at, finished_at, error_code, error_message, ndcg10, rmse, interactions, customers,
       cpu_seconds, bytes)
     SELECT id, gen_random_uuid(), (now() AT TIME ZONE $1)::date - ago, 'nightly', 'clock',
            (CASE WHEN failed THEN 'failed' ELSE 'succeeded' END)::run_status, NULL, CASE WHEN failed THEN NULL ELSE 'kept' END,
            'planner', 1, template_version, 1, begins + interval '6 hours', begins, begins + interval '1 minute',
            begins + interval '2 minutes', CASE WHEN failed THEN 'unexpected' END, CASE WHEN failed THEN 'simulated' END,
            CASE WHEN failed THEN NULL WHEN id % 97 = 5 AND ago < 1 THEN 0.2 ELSE 0.35 + 0.002 * ((id * 7 + ago * 13) % 20) END,
            0.9, 500 + (id * 7919) % 200000, 100 + id % 3000, 0.5 + (id % 40) / 10.0, 100000 + id * 10
     FROM (SELECT id, template_version, ago, date_trunc('day', now()) - make_interval(days => ago) AS begins,
                  id % 83 = 11 AND ago = 0 AS failed
           FROM tenant, generate_series(0, 29) AS ago WHERE slug LIKE 'shop-%') AS nights`,
    [zone],
  );
  await admin.query('VACUUM (ANALYZE) tenant, run, lifecycle_change, tenant_requests');
}

/** Something to learn from, for tenants that are to have a real night: twelve customers who bought four products each. */
export async function fillShops(
  { admin }: Pick<TestDatabase, 'admin'>,
  templateVersion: number,
): Promise<void> {
  const shops = `FROM tenant CROSS JOIN generate_series(1, 12) AS customer CROSS JOIN generate_series(0, 3) AS basket
    WHERE template_version = $1`;
  await admin.query(
    `INSERT INTO customer (tenant_id, customer_id) SELECT DISTINCT id, 'C' || customer ${shops}`,
    [templateVersion],
  );
  await admin.query(
    `INSERT INTO product (tenant_id, product_id, name) SELECT DISTINCT id, 'P' || (customer + basket) % 9, 'Product' ${shops}`,
    [templateVersion],
  );
  await admin.query(
    `INSERT INTO interaction (tenant_id, event_id, type, customer_id, product_id, occurred_at, quantity, unit_price)
     SELECT id, customer || '/' || basket, 'purchase', 'C' || customer, 'P' || (customer + basket) % 9,
            now() - make_interval(days => 1 + basket * 5), 1, 5 + basket ${shops}`,
    [templateVersion],
  );
}
