import type { Readable } from 'node:stream';
import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { SnapshotSource, type EventKind, type SnapshotSink, type TenantId } from '#libs/domain';
import type { TenantDatabase } from '../database/tenant-database.js';
import { CopyRowReader } from './copy-row-reader.js';
import { KnownTexts } from './known-texts.js';

/**
 * The tenant by its number, although row-level security shows no other: only so are its partitions known when the query is
 * planned. COLLATE "C": byte order, the same on every machine, so that the same data gives the same snapshot. `date_part`, not
 * `extract`, whose exact numbers take a third of the whole reading.
 */
function queriesOf(tenantId: TenantId) {
  const own = `tenant_id = ${tenantId}`;
  return {
    // What goes on sale before the next lists are made is in tonight's: serving nodes keep it back until its moment.
    products: `SELECT product_id, category, price, (hidden OR COALESCE(retired_at <= now(), false)
        OR COALESCE(available_from > now() + interval '36 hours', false))::integer, name, brand,
        description, attributes
      FROM product WHERE ${own} ORDER BY product_id COLLATE "C"`,
    customers: `SELECT customer_id, country, segment, region, tier, age_band, gender, attributes
      FROM customer WHERE ${own} ORDER BY customer_id COLLATE "C"`,
    promotions: `SELECT product_id, discount_share, COALESCE(extract(epoch FROM valid_from)::text, '-Infinity'),
        COALESCE(extract(epoch FROM valid_until)::text, 'Infinity')
      FROM promotion, unnest(product_ids) AS product_id
      WHERE ${own} ORDER BY promotion_id COLLATE "C", product_id COLLATE "C"`,
    // What customers did with recommendations teaches as well; a skipped recommendation says too little either way. Each half
    // in its order, so that they are merged: the primary key of interactions is in byte order, and nothing is sorted.
    interactions: `
      SELECT kind, customer_id, product_id, at, quantity, unit_price, rating, order_id, event_id FROM (
        (SELECT type::text AS kind, customer_id, product_id, date_part('epoch', occurred_at) AS at, quantity, unit_price, rating,
                order_id, event_id
         FROM interaction WHERE ${own} ORDER BY event_id COLLATE "C")
        UNION ALL
        (SELECT CASE kind WHEN 'clicked' THEN 'click' WHEN 'carted' THEN 'cart' WHEN 'bought' THEN 'purchase' ELSE kind::text END,
                customer_id, product_id, date_part('epoch', occurred_at), quantity, unit_price, NULL, NULL,
                ('outcome ' || event_id) COLLATE "C" AS event_id
         FROM outcome WHERE ${own} AND kind <> 'skipped' ORDER BY 9)
      ) AS events ORDER BY event_id COLLATE "C"`,
  };
}

/** Reads a tenant's data by COPY in one repeatable-read transaction, in constant memory. */
export class PostgresSnapshotSource extends SnapshotSource {
  constructor(private readonly database: TenantDatabase) {
    super();
  }

  override async read(tenantId: TenantId, sink: SnapshotSink): Promise<void> {
    const { products, customers, promotions, interactions } = queriesOf(tenantId);
    const known = new KnownTexts();
    await this.database.readSnapshot(tenantId, async (client) => {
      await copyRows(client, products, known, (row) =>
        sink.product(
          row.text(0),
          row.optional(1),
          row.number(2),
          row.text(3) === '1',
          row.optional(4),
          row.optional(5),
          row.optional(6),
          row.text(7),
        ),
      );
      await copyRows(client, customers, known, (row) =>
        sink.customer(row.repeated(0), row.optional(1), row.optional(2), traitsOf(row)),
      );
      await copyRows(client, promotions, known, (row) =>
        sink.promotion(row.text(0), row.number(1), Number(row.text(2)), Number(row.text(3))),
      );
      await copyRows(client, interactions, known, (row) =>
        sink.interaction(
          row.repeated(0) as EventKind,
          row.optionalRepeated(1),
          row.repeated(2),
          row.number(3),
          row.number(4),
          row.number(5),
          row.number(6),
          row.optionalRepeated(7),
          row.text(8),
        ),
      );
    });
  }
}

const TRAITS = Object.entries({ country: 1, segment: 2, region: 3, tier: 4, ageBand: 5, gender: 6 });
const ATTRIBUTES = 7;

/** JSON text, put together here because Postgres takes five times as long. Of two fields of one name the last counts. */
function traitsOf(row: CopyRowReader): string {
  let traits = row.text(ATTRIBUTES).slice(0, -1);
  for (const [name, index] of TRAITS) {
    const value = row.optionalRepeated(index);
    if (value !== undefined) traits += `${traits === '{' ? '' : ','}"${name}":${JSON.stringify(value)}`;
  }
  return `${traits}}`;
}

async function copyRows(
  client: pg.PoolClient,
  query: string,
  known: KnownTexts,
  take: (row: CopyRowReader) => void,
): Promise<void> {
  const stream: Readable = client.query(copyTo(`COPY (${query}) TO STDOUT`));
  const reader = new CopyRowReader(known);
  let failure: { readonly error: unknown } | undefined;
  for await (const chunk of stream) {
    // A COPY cannot be left half-way: the connection would wait for its end for ever. What is left is read and dropped.
    if (failure !== undefined) continue;
    try {
      reader.push(chunk as Buffer, take);
    } catch (error) {
      failure = { error };
    }
  }
  if (failure !== undefined) throw failure.error;
  reader.end();
}
