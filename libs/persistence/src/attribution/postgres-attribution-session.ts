import type pg from 'pg';
import type {
  AttributedPurchase,
  AttributionSession,
  AttributionState,
  ChangedDays,
  CustomerEvent,
  DailyCounts,
  DayRange,
  TenantId,
} from '#libs/domain';
import { customersOf, type EventRow } from './customer-events.js';
import {
  CHANGED_FEEDBACK,
  CHANGED_IMPORTS,
  EVENTS,
  INSERT_DAYS,
  INSERT_PURCHASES,
  PRODUCTS,
} from './attribution-sql.js';

const FETCH_ROWS = 5_000;

interface RangeRow {
  first: string | null;
  last: string | null;
}

export class PostgresAttributionSession implements AttributionSession {
  constructor(
    private readonly client: pg.PoolClient,
    private readonly tenantId: TenantId,
    readonly startedAt: Date,
  ) {}

  async state(): Promise<AttributionState | undefined> {
    const { rows } = await this.client.query<{
      recorded_until: Date | null;
      window_days: number;
      time_zone: string;
      first_day: string;
    }>(
      `SELECT recorded_until, window_days, time_zone, first_day::text FROM attribution_state WHERE tenant_id = $1`,
      [this.tenantId],
    );
    const row = rows.at(0);
    if (row === undefined || row.recorded_until === null) return undefined;
    return {
      recordedUntil: row.recorded_until,
      windowDays: row.window_days,
      timeZone: row.time_zone,
      firstDay: row.first_day,
    };
  }

  async prunedBefore(): Promise<string | undefined> {
    const sql = 'SELECT feedback_pruned_before::text AS day FROM attribution_state WHERE tenant_id = $1';
    const { rows } = await this.client.query<{ day: string | null }>(sql, [this.tenantId]);
    return rows.at(0)?.day ?? undefined;
  }

  async changedDays(since: Date | undefined, timeZone: string): Promise<ChangedDays> {
    const values = [this.tenantId, timeZone, since ?? '-infinity'];
    const feedback = await this.range(CHANGED_FEEDBACK, values);
    // Without any feedback, ever, there is nothing that a purchase could be tied to: a file of years is not looked through.
    if (since === undefined && feedback === undefined) return { feedback, imported: undefined };
    return { feedback, imported: await this.range(CHANGED_IMPORTS, values) };
  }

  async *customers(range: DayRange, timeZone: string): AsyncGenerator<readonly CustomerEvent[]> {
    const values = [this.tenantId, timeZone, range.first, range.last];
    await this.client.query(`DECLARE attribution_events NO SCROLL CURSOR FOR ${EVENTS}`, values);
    yield* customersOf(() => this.fetch());
    await this.client.query('CLOSE attribution_events');
  }

  async answers({ first, last }: DayRange) {
    const { rows } = await this.client.query<{ day: string; served: number; none: number }>(
      `SELECT day::text, sum(answers)::float8 AS served,
              COALESCE(sum(answers) FILTER (WHERE status = 'none'), 0)::float8 AS none
         FROM served_answers WHERE tenant_id = $1 AND day BETWEEN $2 AND $3 GROUP BY day`,
      [this.tenantId, first, last],
    );
    return rows;
  }

  async products({ first, last }: DayRange, timeZone: string) {
    const { rows } = await this.client.query<{ day: string; shown: number; on_sale: number }>(PRODUCTS, [
      this.tenantId,
      timeZone,
      first,
      last,
    ]);
    return rows.map(({ day, shown, on_sale: onSale }) => ({ day, shown, onSale }));
  }

  async removeDays({ first, last }: DayRange): Promise<void> {
    for (const table of ['attributed_purchase', 'daily_kpi'])
      await this.client.query(`DELETE FROM ${table} WHERE tenant_id = $1 AND day BETWEEN $2 AND $3`, [
        this.tenantId,
        first,
        last,
      ]);
  }

  async addPurchases(purchases: readonly AttributedPurchase[]): Promise<void> {
    if (purchases.length === 0) return;
    const column = <T>(of: (one: AttributedPurchase) => T): T[] => purchases.map(of);
    await this.client.query(INSERT_PURCHASES, [
      this.tenantId,
      column(
        ({ purchase }) => `${purchase.kind === 'imported' ? 'interaction' : 'outcome'}:${purchase.eventId}`,
      ),
      column(({ purchase }) => purchase.day),
      column(({ purchase }) => purchase.customerId),
      column(({ purchase }) => purchase.productId),
      column(({ purchase }) => new Date(purchase.at)),
      column(({ revenue }) => revenue ?? null),
      column(({ recommendationId }) => recommendationId ?? null),
      column(({ shownAt }) => new Date(shownAt)),
    ]);
  }

  async addDays(days: readonly DailyCounts[]): Promise<void> {
    await this.client.query(INSERT_DAYS, [this.tenantId, JSON.stringify(days)]);
  }

  async save({ recordedUntil, windowDays, timeZone, firstDay }: AttributionState): Promise<void> {
    await this.client.query(
      `UPDATE attribution_state SET recorded_until = $2, window_days = $3, time_zone = $4, first_day = $5 WHERE tenant_id = $1`,
      [this.tenantId, recordedUntil, windowDays, timeZone, firstDay],
    );
  }

  private async fetch(): Promise<readonly EventRow[]> {
    return (await this.client.query<EventRow>(`FETCH ${FETCH_ROWS} FROM attribution_events`)).rows;
  }

  private async range(sql: string, values: unknown[]): Promise<DayRange | undefined> {
    const { first, last } = (await this.client.query<RangeRow>(sql, values)).rows[0];
    return first === null || last === null ? undefined : { first, last };
  }
}
