import { momentOfRecommendation } from './moment-of-recommendation.js';

export type AttributedKind =
  'shown' | 'accepted' | 'rejected' | 'skipped' | 'clicked' | 'carted' | 'bought' | 'imported';

/** What happened between a customer and a product. `imported`: a purchase that a file of the tenant told. */
export interface CustomerEvent {
  readonly kind: AttributedKind;
  readonly eventId: string;
  readonly recommendationId: string | undefined;
  readonly customerId: string;
  readonly productId: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The tenant's local date. */
  readonly day: string;
  readonly quantity: number | undefined;
  readonly unitPrice: number | undefined;
}

/** A purchase and the recommendation that showed the product before. */
export interface AttributedPurchase {
  readonly purchase: CustomerEvent;
  /** Undefined when whoever showed the product did not say. */
  readonly recommendationId: string | undefined;
  readonly shownAt: number;
  /** Undefined when the price is not known. */
  readonly revenue: number | undefined;
}

export interface CustomerAttribution {
  readonly purchases: readonly AttributedPurchase[];
  /** Impressions of which a click or a purchase came. */
  readonly clicked: ReadonlySet<CustomerEvent>;
  readonly bought: ReadonlySet<CustomerEvent>;
}

interface Showing {
  readonly recommendationId: string | undefined;
  readonly at: number;
  /** Undefined when nobody reported it: an outcome names the recommendation. */
  readonly impression: CustomerEvent | undefined;
}

/**
 * Ties the purchases of one customer to recommendations. The one that the purchase names goes first, otherwise the latest that
 * showed the product; in either case within the window before the purchase. A recommendation that is named by an outcome but
 * whose impression nobody reported counts as shown at the moment that its id carries.
 * @param events of one customer, in any order
 */
export function attributeCustomer(events: readonly CustomerEvent[], windowMs: number): CustomerAttribution {
  const purchases: AttributedPurchase[] = [];
  const clicked = new Set<CustomerEvent>();
  const bought = new Set<CustomerEvent>();
  for (const ofProduct of byProduct(events)) {
    const showings = showingsOf(ofProduct);
    if (showings.length === 0) continue;
    for (const event of withoutEchoes(ofProduct)) {
      const isPurchase = event.kind === 'bought' || event.kind === 'imported';
      if (!isPurchase && event.kind !== 'clicked') continue;
      const showing = showingBefore(event, showings, windowMs);
      if (showing === undefined) continue;
      if (showing.impression !== undefined) (isPurchase ? bought : clicked).add(showing.impression);
      if (!isPurchase) continue;
      const { recommendationId, at: shownAt } = showing;
      purchases.push({ purchase: event, recommendationId, shownAt, revenue: revenueOf(event) });
    }
  }
  return { purchases, clicked, bought };
}

function byProduct(events: readonly CustomerEvent[]): Iterable<readonly CustomerEvent[]> {
  const products = new Map<string, CustomerEvent[]>();
  // Equal moments fall the same way every time.
  const ordered = events.toSorted((a, b) => a.at - b.at || (a.eventId < b.eventId ? -1 : 1));
  for (const event of ordered) {
    const known = products.get(event.productId);
    if (known === undefined) products.set(event.productId, [event]);
    else known.push(event);
  }
  return products.values();
}

/** In the order of time. */
function showingsOf(events: readonly CustomerEvent[]): readonly Showing[] {
  const showings: Showing[] = [];
  const reported = new Set<string>();
  for (const event of events) {
    if (event.kind !== 'shown') continue;
    if (event.recommendationId !== undefined) reported.add(event.recommendationId);
    showings.push({ recommendationId: event.recommendationId, at: event.at, impression: event });
  }
  for (const { recommendationId } of events) {
    if (recommendationId === undefined || reported.has(recommendationId)) continue;
    reported.add(recommendationId);
    const at = momentOfRecommendation(recommendationId);
    if (at !== undefined) showings.push({ recommendationId, at, impression: undefined });
  }
  return showings.sort((a, b) => a.at - b.at);
}

function showingBefore(
  { at, recommendationId }: CustomerEvent,
  showings: readonly Showing[],
  windowMs: number,
): Showing | undefined {
  const before = showings.filter((showing) => showing.at <= at && at - showing.at <= windowMs);
  const named =
    recommendationId === undefined
      ? undefined
      : before.findLast((showing) => showing.recommendationId === recommendationId);
  return named ?? before.at(-1);
}

/** One purchase told twice, by the shop at once and by a file later, is one: of a day, the file's stand back for the shop's. */
function withoutEchoes(events: readonly CustomerEvent[]): readonly CustomerEvent[] {
  const told = new Map<string, number>();
  for (const { kind, day } of events) if (kind === 'bought') told.set(day, (told.get(day) ?? 0) + 1);
  return events.filter(({ kind, day }) => {
    const left = kind === 'imported' ? (told.get(day) ?? 0) : 0;
    if (left > 0) told.set(day, left - 1);
    return left === 0;
  });
}

function revenueOf({ quantity = 1, unitPrice }: CustomerEvent): number | undefined {
  // Prices have four digits behind the point; more would be noise of the multiplication.
  return unitPrice === undefined ? undefined : Math.round(quantity * unitPrice * 1e4) / 1e4;
}
