import type { TenantId } from '../tenants/tenant.js';
import type { AttributedPurchase, CustomerEvent } from './attribute-customer.js';
import type { EarningsTotals } from './earnings.js';
import type { DailyCounts } from './daily-kpis.js';
import type { ChangedDays, DayRange } from './days-to-attribute.js';

/** What the last attribution of a tenant rested on. */
export interface AttributionState {
  /** What was recorded up to here is in the numbers. */
  readonly recordedUntil: Date;
  readonly windowDays: number;
  readonly timeZone: string;
  /** Of any feedback. */
  readonly firstDay: string;
}

/** One transaction: the numbers of the range are replaced as a whole, or stay. */
export interface AttributionSession {
  readonly startedAt: Date;
  state(): Promise<AttributionState | undefined>;
  /** Events before this day may be gone, see retention. */
  prunedBefore(): Promise<string | undefined>;
  /** Since a moment; undefined: since ever. */
  changedDays(since: Date | undefined, timeZone: string): Promise<ChangedDays>;
  /** The events of customers to whom something was shown, customer by customer in the order of their ids. */
  customers(range: DayRange, timeZone: string): AsyncIterable<readonly CustomerEvent[]>;
  answers(range: DayRange): Promise<readonly { day: string; served: number; none: number }[]>;
  products(
    range: DayRange,
    timeZone: string,
  ): Promise<readonly { day: string; shown: number; onSale: number }[]>;
  removeDays(range: DayRange): Promise<void>;
  addPurchases(purchases: readonly AttributedPurchase[]): Promise<void>;
  addDays(days: readonly DailyCounts[]): Promise<void>;
  save(state: AttributionState): Promise<void>;
}

export abstract class AttributionRepository {
  /** One attribution of a tenant at a time: a second one waits. */
  abstract inTurn<T>(tenantId: TenantId, work: (session: AttributionSession) => Promise<T>): Promise<T>;
}

/** The numbers, for whoever reads them. */
export abstract class KpiReadModel {
  abstract days(tenantId: TenantId, range: DayRange): Promise<readonly DailyCounts[]>;
  abstract purchases(
    tenantId: TenantId,
    range: DayRange,
    limit: number,
  ): Promise<readonly AttributedPurchaseRecord[]>;
  /** Attributed purchases of these days, added up by customer first. */
  abstract earnings(tenantId: TenantId, range: DayRange): Promise<EarningsTotals>;
  /** How many runs of the nights of the range ended how: by outcome, and as `failed`. Past nights that were made good count too. */
  abstract nights(tenantId: TenantId, range: DayRange): Promise<Readonly<Record<string, number>>>;
  abstract recordedUntil(tenantId: TenantId): Promise<Date | undefined>;
}

export interface AttributedPurchaseRecord {
  readonly purchaseId: string;
  readonly day: string;
  readonly customerId: string;
  readonly productId: string;
  readonly boughtAt: Date;
  readonly revenue: number | undefined;
  readonly recommendationId: string | undefined;
  readonly shownAt: Date;
}
