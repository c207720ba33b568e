import type pg from 'pg';
import { FeedbackRepository, InvalidInputError, type FeedbackEvent, type TenantId } from '#libs/domain';
import { inTransaction } from '../database/postgres-pool.js';
import { SHARE_ERASURE_LOCK } from '../erasure/erasure-sql.js';

/** Where nobody was ever erased, that is one look for the whole batch. */
const NOT_ERASED = `NOT (EXISTS (SELECT FROM erasure_key AS k WHERE k.tenant_id = $1::int) AND is_erased($1::int, e.customer_id))`;

const IMPRESSIONS = `
  INSERT INTO impression (tenant_id, event_id, recommendation_id, customer_id, product_id, on_behalf_of, position,
                          shown_at)
  SELECT $1::int, e.* FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int[],
                                  $8::timestamptz[]) AS e (event_id, recommendation_id, customer_id)
   WHERE ${NOT_ERASED} ON CONFLICT DO NOTHING`;

const OUTCOMES = `
  INSERT INTO outcome (tenant_id, event_id, recommendation_id, customer_id, product_id, on_behalf_of, kind, reason,
                       quantity, unit_price, occurred_at)
  SELECT $1::int, e.* FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::outcome_kind[],
                                  $8::text[], $9::float8[], $10::numeric[], $11::timestamptz[]) AS e (event_id, recommendation_id, customer_id)
   WHERE ${NOT_ERASED} ON CONFLICT DO NOTHING`;

/** Appends under row-level security. Works with the serving login, which may insert feedback and cannot read it back. */
export class PostgresFeedbackRepository extends FeedbackRepository {
  constructor(private readonly pool: pg.Pool) {
    super();
  }

  /** All or nothing; an event id counts once, however often it comes. @throws UnavailableError, InvalidInputError */
  override async append(tenantId: TenantId, events: readonly FeedbackEvent[]): Promise<number> {
    // Two batches that share events wait for each other's rows: always in the same order, so never in a circle.
    const ordered = events.toSorted((a, b) => (a.eventId < b.eventId ? -1 : a.eventId > b.eventId ? 1 : 0));
    const shown = ordered.filter((event) => event.kind === 'shown');
    const outcomes = ordered.filter((event) => event.kind !== 'shown');
    try {
      return await inTransaction(this.pool, 'BEGIN', async (client) => {
        await client.query("SELECT set_config('app.tenant_id', $1, true)", [String(tenantId)]);
        await client.query(SHARE_ERASURE_LOCK, [tenantId]);
        return (
          (await insertShown(client, tenantId, shown)) + (await insertOutcomes(client, tenantId, outcomes))
        );
      });
    } catch (error) {
      throw isDataException(error) ? refusedByDatabase() : error;
    }
  }
}

async function insertShown(
  client: pg.PoolClient,
  tenantId: TenantId,
  events: readonly FeedbackEvent[],
): Promise<number> {
  if (events.length === 0) return 0;
  const { rowCount } = await client.query(IMPRESSIONS, [
    tenantId,
    ...identityColumns(events),
    events.map((event) => (event.position === undefined ? null : Math.round(event.position))),
    events.map((event) => event.occurredAt),
  ]);
  return rowCount ?? 0;
}

async function insertOutcomes(
  client: pg.PoolClient,
  tenantId: TenantId,
  events: readonly FeedbackEvent[],
): Promise<number> {
  if (events.length === 0) return 0;
  const { rowCount } = await client.query(OUTCOMES, [
    tenantId,
    ...identityColumns(events),
    events.map((event) => event.kind),
    events.map((event) => event.reason ?? null),
    events.map((event) => event.quantity ?? null),
    events.map((event) => event.unitPrice ?? null),
    events.map((event) => event.occurredAt),
  ]);
  return rowCount ?? 0;
}

function identityColumns(events: readonly FeedbackEvent[]): (string | null)[][] {
  return [
    events.map((event) => event.eventId),
    events.map((event) => event.recommendationId ?? null),
    events.map((event) => event.customerId),
    events.map((event) => event.productId),
    events.map((event) => event.onBehalfOf ?? null),
  ];
}

/** SQLSTATE class 22: a value that no column can hold, such as a date before history. The caller's fault, not an outage. */
function isDataException(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && code.startsWith('22');
}

function refusedByDatabase(): InvalidInputError {
  return new InvalidInputError(
    'unstorableValue',
    'A value in this batch cannot be stored, so none of it was.',
  );
}
