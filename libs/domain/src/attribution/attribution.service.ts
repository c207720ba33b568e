import { cloneTemplate } from '../template/pipeline-template.js';
import type { Tenant } from '../tenants/tenant.js';
import { attributeCustomer, type AttributedPurchase } from './attribute-customer.js';
import type { AttributionRepository, AttributionSession } from './attribution.repository.js';
import { DailyTally } from './daily-kpis.js';
import { addDays, daysAround, daysToAttribute, type DayRange } from './days-to-attribute.js';

const BATCH = 1_000;
const DAY_MS = 86_400_000;
/** A transaction is visible some time after the moment that its rows carry: what is this recent is looked at again. */
const OVERLAP_MS = 10 * 60_000;

export interface AttributionReport {
  readonly days: DayRange;
  readonly purchases: number;
}

/** Ties purchases to recommendations, and counts both by day. The same events give the same rows, however often it runs. */
export class AttributionService {
  constructor(private readonly repository: AttributionRepository) {}

  /** Undefined when nothing was recorded that the numbers do not know. */
  attribute(tenant: Tenant): Promise<AttributionReport | undefined> {
    const { attributionWindowDays } = cloneTemplate(tenant.settings);
    return this.repository.inTurn(tenant.id, (session) =>
      attributeTenant(session, tenant.timeZone, attributionWindowDays),
    );
  }
}

async function attributeTenant(
  session: AttributionSession,
  timeZone: string,
  windowDays: number,
): Promise<AttributionReport | undefined> {
  const before = await session.state();
  // Another window or another midnight moves everything.
  const known = before?.windowDays === windowDays && before.timeZone === timeZone ? before : undefined;
  const since = known && new Date(known.recordedUntil.getTime() - OVERLAP_MS);
  const changed = await session.changedDays(since, timeZone);
  const firstEver = [known?.firstDay, changed.feedback?.first].filter((day) => day !== undefined).sort()[0];
  const countable = firstCountable(await session.prunedBefore(), windowDays);
  const firstDay = firstEver !== undefined && countable > firstEver ? countable : firstEver;
  const days = firstDay === undefined ? undefined : daysToAttribute(changed, firstDay, windowDays);
  if (firstEver === undefined || days === undefined) return undefined;
  // Local days of another time zone overlap those of this one: none of the old ones may stay.
  await session.removeDays(known === undefined ? { first: countable, last: '9999-12-31' } : days);
  const tally = new DailyTally();
  const purchases = await addCustomers(session, tally, days, timeZone, windowDays);
  for (const { day, served, none } of await session.answers(days)) tally.addAnswers(day, served, none);
  for (const { day, shown, onSale } of await session.products(days, timeZone))
    tally.setProducts(day, shown, onSale);
  await session.addDays(tally.between(days.first, days.last));
  await session.save({ recordedUntil: session.startedAt, windowDays, timeZone, firstDay: firstEver });
  return { days, purchases };
}

/** Of earlier days the events, or what was shown before them, are no longer all there: their numbers stay as they are. */
function firstCountable(prunedBefore: string | undefined, windowDays: number): string {
  return prunedBefore === undefined ? '0001-01-01' : addDays(prunedBefore, windowDays + 1);
}

async function addCustomers(
  session: AttributionSession,
  tally: DailyTally,
  days: DayRange,
  timeZone: string,
  windowDays: number,
): Promise<number> {
  let batch: AttributedPurchase[] = [];
  let added = 0;
  const flush = async () => {
    await session.addPurchases(batch);
    added += batch.length;
    batch = [];
  };
  for await (const events of session.customers(daysAround(days, windowDays), timeZone)) {
    const attribution = attributeCustomer(events, windowDays * DAY_MS);
    tally.addCustomer(events, attribution);
    for (const purchase of attribution.purchases) {
      const { day } = purchase.purchase;
      if (day >= days.first && day <= days.last) batch.push(purchase);
    }
    if (batch.length >= BATCH) await flush();
  }
  await flush();
  return added;
}
