import type { AttributedKind, CustomerEvent } from '#libs/domain';

export interface EventRow {
  kind: AttributedKind;
  event_id: string;
  recommendation_id: string | null;
  customer_id: string;
  product_id: string;
  at: number;
  day: string;
  quantity: number | null;
  unit_price: number | null;
}

/** Cuts rows that come in the order of customers into customers; no more than one of them and one fetch is in memory. */
export async function* customersOf(
  fetch: () => Promise<readonly EventRow[]>,
): AsyncGenerator<readonly CustomerEvent[]> {
  let events: CustomerEvent[] = [];
  for (;;) {
    const rows = await fetch();
    if (rows.length === 0) break;
    for (const row of rows) {
      if (events.length > 0 && events[0].customerId !== row.customer_id) {
        yield events;
        events = [];
      }
      events.push(toEvent(row));
    }
  }
  if (events.length > 0) yield events;
}

function toEvent(row: EventRow): CustomerEvent {
  return {
    kind: row.kind,
    eventId: row.event_id,
    recommendationId: row.recommendation_id ?? undefined,
    customerId: row.customer_id,
    productId: row.product_id,
    at: row.at,
    day: row.day,
    quantity: row.quantity ?? undefined,
    unitPrice: row.unit_price ?? undefined,
  };
}
