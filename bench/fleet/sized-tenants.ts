// Tenants of a given number of interactions, made by the database itself: rows alone matter here, not what stands in them.
import type pg from 'pg';

/** As in the simulated fleet: a customer has some 25 interactions, and products grow with the root of the interactions. */
const ROWS_PER_CUSTOMER = 25;
const MEDIAN = { interactions: 5_000, products: 150 };
const MOST_PRODUCTS = 4_000;
const GROUPS = 8;

export interface TenantShape {
  readonly interactions: number;
  readonly customers: number;
  readonly products: number;
}

export function shapeOf(interactions: number): TenantShape {
  const products = MEDIAN.products * Math.sqrt(interactions / MEDIAN.interactions);
  return {
    interactions,
    customers: Math.round(interactions / ROWS_PER_CUSTOMER),
    products: Math.min(MOST_PRODUCTS, GROUPS * Math.ceil(products / GROUPS)),
  };
}

/** Makes the tenant unless it is there. Three of four purchases come from the customer's own group of products. */
export async function addSizedTenant(admin: pg.Pool, slug: string, shape: TenantShape): Promise<void> {
  const known = await admin.query('SELECT FROM tenant WHERE slug = $1', [slug]);
  if (known.rowCount !== 0) return;
  const client = await admin.connect();
  try {
    await client.query('BEGIN');
    const { rows } = await client.query<{ id: number }>(
      `INSERT INTO tenant (slug, name, time_zone) VALUES ($1, $1, 'UTC') RETURNING id`,
      [slug],
    );
    const { id } = rows[0];
    const { interactions, customers, products } = shape;
    await client.query(
      `INSERT INTO product (tenant_id, product_id, name, category, price)
       SELECT $1, 'p' || lpad(n::text, 6, '0'), 'Product ' || n, 'group ' || n % ${GROUPS}, 5 + n % 20
       FROM generate_series(0, $2::integer - 1) AS n`,
      [id, products],
    );
    await client.query(
      `INSERT INTO customer (tenant_id, customer_id, country)
       SELECT $1, 'c' || lpad(n::text, 8, '0'), 'DE' FROM generate_series(0, $2::integer - 1) AS n`,
      [id, customers],
    );
    await client.query(
      `INSERT INTO interaction (tenant_id, event_id, type, customer_id, product_id, occurred_at, quantity, unit_price, order_id)
       SELECT $1, 'e' || lpad(n::text, 9, '0'), 'purchase', 'c' || lpad(customer::text, 8, '0'),
              'p' || lpad(product::text, 6, '0'), now() - make_interval(mins => (${uniform('n', 3)} * 259200)::integer), 1,
              5 + product % 20, 'o' || n / 3
       FROM (SELECT n, customer, CASE WHEN ${uniform('n', 2)} < 0.75 THEN place - place % ${GROUPS} + customer % ${GROUPS}
                                      ELSE place END AS product
             FROM (SELECT n, n % $3::integer AS customer, floor($4::integer * ${uniform('n', 1)} ^ 2)::integer AS place
                   FROM generate_series(0, $2::integer - 1) AS n) AS placed) AS chosen`,
      [id, interactions, customers, products],
    );
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}

/** SQL: in [0, 1), the same for the same number and stream. */
function uniform(number: string, stream: number): string {
  return `((hashint8extended(${number}, ${stream}) & 2147483647) / 2147483648.0::double precision)`;
}
