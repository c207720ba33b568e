// Many small tenants at once, straight into the tables: what they buy belongs to (seed, tenant) and to nobody else.
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from } from 'pg-copy-streams';
import { createRandom } from '#libs/algorithms';

const GROUPS = 4;
const DAYS = 90;
const FIRST_DAY = Date.UTC(2026, 6, 1);

export interface SmallTenant {
  readonly id: number;
  readonly slug: string;
  readonly products: readonly string[];
  readonly customers: readonly string[];
}

type Row = readonly (string | number)[];

/** Their products are named after them, so that one in a list of somebody else's would show. */
export async function addSmallTenants(adminUrl: string, count: number, seed: number): Promise<SmallTenant[]> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ id: number; slug: string }>(
      `INSERT INTO tenant (slug, name, time_zone, created_at)
       SELECT 'shop-' || lpad(n::text, 4, '0'), 'Shop ' || n, 'Europe/Berlin', now() - interval '3 days'
       FROM generate_series(1, $1) n RETURNING id, slug`,
      [count],
    );
    const tenants = rows.map(({ id, slug }, index) => nameAll(id, slug, seed, index));
    await copy(client, 'product (tenant_id, product_id, name, category, price)', productRows(tenants));
    await copy(client, 'customer (tenant_id, customer_id, country)', customerRows(tenants));
    await copy(
      client,
      'interaction (tenant_id, event_id, type, customer_id, product_id, occurred_at, quantity, unit_price, order_id)',
      interactionRows(tenants, seed),
    );
    await client.query('ANALYZE product, customer, interaction, tenant');
    return tenants;
  } finally {
    await client.end();
  }
}

function nameAll(id: number, slug: string, seed: number, index: number): SmallTenant {
  const random = createRandom(seed * 100_003 + index);
  const named = (prefix: string, length: number) =>
    Array.from({ length }, (_, i) => `${slug}-${prefix}${String(i).padStart(4, '0')}`);
  return {
    ...{ id, slug },
    products: named('p', 24 + Math.floor(random.nextFloat() * 40)),
    customers: named('c', 30 + Math.floor(random.nextFloat() * 60)),
  };
}

function* productRows(tenants: readonly SmallTenant[]): Generator<Row> {
  for (const { id, products } of tenants)
    for (const [i, product] of products.entries())
      yield [id, product, `Product ${i}`, `group ${i % GROUPS}`, 5 + (i % 20)];
}

function* customerRows(tenants: readonly SmallTenant[]): Generator<Row> {
  for (const { id, customers } of tenants) for (const customer of customers) yield [id, customer, 'DE'];
}

/** Three of four purchases come from the customer's own group, and some products are liked more than others. */
function* interactionRows(tenants: readonly SmallTenant[], seed: number): Generator<Row> {
  for (const [index, { id, slug, products, customers }] of tenants.entries()) {
    const random = createRandom(seed * 7_919 + index);
    let event = 0;
    for (const [c, customer] of customers.entries()) {
      const purchases = 4 + Math.floor(random.nextFloat() * 16);
      for (let n = 0; n < purchases; n++) {
        const own = random.nextFloat() < 0.75;
        const place = Math.floor(products.length * random.nextFloat() ** 2);
        const product = own ? place - (place % GROUPS) + (c % GROUPS) : place;
        const at = new Date(FIRST_DAY + Math.floor(random.nextFloat() * DAYS * 86_400) * 1_000).toISOString();
        const name = products[Math.min(product, products.length - 1)];
        const number = event++;
        yield [id, `${slug}-e${number}`, 'purchase', customer, name, at, 1, 5 + (product % 20), `o${number}`];
      }
    }
  }
}

async function copy(client: pg.Client, target: string, rows: Iterable<Row>): Promise<void> {
  const lines = function* (): Generator<string> {
    let chunk = '';
    for (const row of rows) {
      chunk += `${row.join('\t')}\n`;
      if (chunk.length > 65_536) {
        yield chunk;
        chunk = '';
      }
    }
    yield chunk;
  };
  await pipeline(Readable.from(lines()), client.query(from(`COPY ${target} FROM STDIN`)));
}
