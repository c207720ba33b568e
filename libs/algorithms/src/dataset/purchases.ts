import { groupPairs } from './group-pairs.js';
import type { Csr } from './csr.js';
import type { EventColumns } from './event-columns.js';
import { InteractionKind } from './event-columns.js';
import { Part } from './split-events.js';
import { selectEvents } from './training-set.js';

/**
 * customers × products, 1 where the customer has bought the product: what a list leaves out where nobody wants the same
 * thing twice. Views and clicks do not count, and goods that were taken back do: whoever returned it has seen enough.
 * @param parts `splitEvents(events)`: only what training knows; undefined for everything
 */
export function buildPurchases(events: EventColumns, parts: Uint8Array | undefined): Csr {
  const { customer, product, kind, quantity } = events;
  const selected = selectEvents(
    events,
    (e) =>
      kind[e] === InteractionKind.purchase &&
      customer[e] >= 0 &&
      product[e] >= 0 &&
      !(quantity[e] <= 0) &&
      (parts === undefined || parts[e] === Part.train),
  );
  const value = new Float32Array(events.count).fill(1);
  return groupPairs(
    {
      rows: events.customerCount,
      columns: events.productCount,
      selected,
      row: customer,
      column: product,
      value,
    },
    () => 1,
  );
}
