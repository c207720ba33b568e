import { allocateEvents, InteractionKind } from './event-columns.js';
import { buildPurchases } from './purchases.js';
import { Part } from './split-events.js';

describe('buildPurchases', () => {
  // customer, product, kind, quantity, part
  const rows = [
    [0, 2, InteractionKind.purchase, 1, Part.train],
    [0, 2, InteractionKind.purchase, 5, Part.train],
    [0, 1, InteractionKind.view, NaN, Part.train],
    [1, 0, InteractionKind.purchase, 1, Part.holdout],
    [1, 1, InteractionKind.purchase, NaN, Part.train],
    [1, 2, InteractionKind.purchase, -1, Part.train],
    [-1, 0, InteractionKind.purchase, 1, Part.train],
  ];
  const events = Object.assign(allocateEvents(rows.length), {
    customerCount: 2,
    productCount: 3,
    orderCount: 0,
  });
  const parts = new Uint8Array(rows.length);
  rows.forEach(([customer, product, kind, quantity, part], e) => {
    events.customer[e] = customer;
    events.product[e] = product;
    events.kind[e] = kind;
    events.quantity[e] = quantity;
    parts[e] = part;
  });

  it('holds each pair bought once, and nothing looked at, taken back or bought by somebody unknown', () => {
    const { offsets, indices, values } = buildPurchases(events, undefined);
    expect([...offsets]).toEqual([0, 1, 3]);
    expect([...indices]).toEqual([2, 0, 1]);
    expect([...values]).toEqual([1, 1, 1]);
  });

  it('knows only what training knows', () => {
    expect([...buildPurchases(events, parts).indices]).toEqual([2, 1]);
  });
});
