import type { AttributedKind, CustomerAttribution, CustomerEvent } from './attribute-customer.js';

/** What is counted of one day of a tenant, by its local date. */
export interface DailyCounts {
  readonly day: string;
  /** Answers that serving nodes gave. */
  readonly served: number;
  /** Of these: with nothing to recommend. */
  readonly none: number;
  /** Products that customers were shown, and of these: clicked and bought within the window. */
  readonly shown: number;
  readonly clicked: number;
  readonly bought: number;
  /** Reported on this day. */
  readonly accepted: number;
  readonly rejected: number;
  /** Made on this day. */
  readonly attributedPurchases: number;
  readonly attributedRevenue: number;
  /** Different products that were shown and on sale, and all that were on sale. */
  readonly productsShown: number;
  readonly productsOnSale: number;
}

export interface DailyKpis extends DailyCounts {
  /** Undefined where there is nothing to divide by. */
  readonly clickThrough: number | undefined;
  readonly conversion: number | undefined;
  readonly noneShare: number | undefined;
  readonly coverage: number | undefined;
}

export function toDailyKpis(counts: DailyCounts): DailyKpis {
  return {
    ...counts,
    clickThrough: share(counts.clicked, counts.shown),
    conversion: share(counts.bought, counts.shown),
    noneShare: share(counts.none, counts.served),
    coverage: share(counts.productsShown, counts.productsOnSale),
  };
}

const share = (part: number, whole: number) => (whole === 0 ? undefined : part / whole);

type Tally = { -readonly [Field in keyof Omit<DailyCounts, 'day'>]: number };

const NOTHING: Tally = {
  ...{ served: 0, none: 0, shown: 0, clicked: 0, bought: 0, accepted: 0, rejected: 0 },
  ...{ attributedPurchases: 0, attributedRevenue: 0, productsShown: 0, productsOnSale: 0 },
};

const COUNTED: ReadonlyMap<AttributedKind, 'shown' | 'accepted' | 'rejected'> = new Map([
  ['shown', 'shown'],
  ['accepted', 'accepted'],
  ['rejected', 'rejected'],
]);

/** Adds up customers, answers and the catalogue by day. Memory for days, not for events. */
export class DailyTally {
  private readonly days = new Map<string, Tally>();

  addCustomer(events: readonly CustomerEvent[], attribution: CustomerAttribution): void {
    for (const { kind, day } of events) {
      const field = COUNTED.get(kind);
      if (field !== undefined) this.of(day)[field]++;
    }
    for (const { day } of attribution.clicked) this.of(day).clicked++;
    for (const { day } of attribution.bought) this.of(day).bought++;
    for (const { purchase, revenue = 0 } of attribution.purchases) {
      const tally = this.of(purchase.day);
      tally.attributedPurchases++;
      tally.attributedRevenue = Math.round((tally.attributedRevenue + revenue) * 1e4) / 1e4;
    }
  }

  addAnswers(day: string, served: number, none: number): void {
    const tally = this.of(day);
    tally.served += served;
    tally.none += none;
  }

  setProducts(day: string, shown: number, onSale: number): void {
    const tally = this.of(day);
    tally.productsShown = shown;
    tally.productsOnSale = onSale;
  }

  /** Days on which something happened, in order. */
  between(first: string, last: string): DailyCounts[] {
    const days = [...this.days].filter(([day, tally]) => day >= first && day <= last && happened(tally));
    return days.sort(([a], [b]) => (a < b ? -1 : 1)).map(([day, tally]) => ({ day, ...tally }));
  }

  private of(day: string): Tally {
    let tally = this.days.get(day);
    if (tally === undefined) this.days.set(day, (tally = { ...NOTHING }));
    return tally;
  }
}

function happened({ served, shown, accepted, rejected, attributedPurchases }: Tally): boolean {
  return served + shown + accepted + rejected + attributedPurchases > 0;
}
