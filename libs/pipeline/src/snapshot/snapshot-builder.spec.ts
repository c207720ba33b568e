import { hashEvent, InteractionKind } from '#libs/algorithms';
import { EVENT_KINDS } from '#libs/domain';
import { encodeArtifact } from '#libs/domain';
import { SnapshotBuilder } from './snapshot-builder.js';
import type { Snapshot } from './snapshot.js';

const SEED = 11;

type EventRow = Parameters<SnapshotBuilder['interaction']>;
const purchase = (customer: string | undefined, product: string, eventId: string, at = 1_000): EventRow => {
  return ['purchase', customer, product, at, 1, 2.5, NaN, undefined, eventId];
};

function snapshotOf(events: readonly EventRow[], seed = SEED): Snapshot {
  const builder = new SnapshotBuilder(seed);
  builder.product('p1', 'fruit', 1.5, false);
  builder.product('p2', undefined, NaN, true);
  builder.customer('c1', 'DE', 'gold');
  builder.customer('c2', undefined, undefined);
  for (const event of events) builder.interaction(...event);
  return builder.finish();
}
const bytesOf = (snapshot: Snapshot) => Buffer.concat([...encodeArtifact(snapshot)]);

describe('SnapshotBuilder', () => {
  it('turns rows into columns', () => {
    const snapshot = snapshotOf([
      ['purchase', 'c2', 'p1', 1_763_718_000.123, 3, 9.99, NaN, 'o1', 'e1'],
      ['rating', 'c1', 'p2', 1_763_718_001, NaN, NaN, 4, undefined, 'e2'],
      ['view', undefined, 'p2', 5, NaN, NaN, NaN, 'o1', 'e3'],
    ]);
    const { events } = snapshot;
    expect(events).toMatchObject({ count: 3, customerCount: 2, productCount: 2, orderCount: 1 });
    expect([...events.kind]).toEqual([
      InteractionKind.purchase,
      InteractionKind.rating,
      InteractionKind.view,
    ]);
    expect([...events.customer]).toEqual([1, 0, -1]);
    expect([...events.product]).toEqual([0, 1, 1]);
    expect([...events.timeSeconds]).toEqual([1_763_718_000.123, 1_763_718_001, 5]);
    expect([...events.quantity]).toEqual([3, NaN, NaN]);
    expect([...events.unitPrice]).toEqual([Math.fround(9.99), NaN, NaN]);
    expect([...events.rating]).toEqual([NaN, 4, NaN]);
    expect([...events.order]).toEqual([0, -1, 0]);
    expect(snapshot.watermarkSeconds).toBe(1_763_718_001);
  });

  it('keeps what is known of products and customers', () => {
    expect(snapshotOf([])).toMatchObject({
      productIds: ['p1', 'p2'],
      categories: ['fruit', null],
      prices: Float64Array.of(1.5, NaN),
      retired: Uint8Array.of(0, 1),
      customerIds: ['c1', 'c2'],
      countries: ['DE', null],
      segments: ['gold', null],
    });
  });

  it('counts the terms of products, for those that only an event names too', () => {
    const builder = new SnapshotBuilder(SEED);
    builder.product('p1', 'Tea', 2, false, 'Green tea', 'Zen', 'Tea from Uji', '{"organic": true}');
    builder.product('p2', undefined, NaN, false, 'Cup');
    builder.interaction(...purchase('c1', 'p9', 'e1'));
    const { terms, fieldOfTerm, prices } = builder.finish().attributes;
    // cup from green tea uji · tea · brand=zen organic=true
    expect([...fieldOfTerm]).toEqual([0, 0, 0, 0, 0, 1, 2, 2]);
    expect([...terms.offsets]).toEqual([0, 7, 8, 8]);
    expect([...terms.indices]).toEqual([1, 2, 3, 4, 5, 6, 7, 0]);
    expect([...terms.values]).toEqual([1, 1, 2, 1, 1, 1, 1, 1]);
    expect([...prices]).toEqual([2, NaN, NaN]);
  });

  it.each(EVENT_KINDS)('has a code of its own for %s', (kind) => {
    const { events } = snapshotOf([[kind, 'c1', 'p1', 1, NaN, NaN, NaN, undefined, 'e']]);
    expect(events.kind[0]).toBe(InteractionKind[kind]);
  });

  it('takes in customers and products that only an event names: nothing known, not for sale', () => {
    const snapshot = snapshotOf([
      purchase('c1', 'p9', 'e1'),
      purchase('c9', 'p1', 'e2'),
      purchase('c9', 'p9', 'e3'),
    ]);
    expect(snapshot).toMatchObject({
      productIds: ['p1', 'p2', 'p9'],
      categories: ['fruit', null, null],
      prices: Float64Array.of(1.5, NaN, NaN),
      retired: Uint8Array.of(0, 1, 1),
      customerIds: ['c1', 'c2', 'c9'],
      countries: ['DE', null, null],
      segments: ['gold', null, null],
    });
    expect(snapshot.events).toMatchObject({ customerCount: 3, productCount: 3 });
    expect([...snapshot.events.product]).toEqual([2, 0, 2]);
    expect([...snapshot.events.customer]).toEqual([0, 2, 2]);
  });

  it('gives the same bytes for the same rows', () => {
    const rows = [purchase('c9', 'p9', 'e1'), purchase(undefined, 'p1', 'e2')];
    expect(bytesOf(snapshotOf(rows)).equals(bytesOf(snapshotOf(rows)))).toBe(true);
  });

  it('decides what is held out by ids and seed, never by where a row stands', () => {
    const rows = Array.from({ length: 50 }, (_, i) =>
      purchase(i % 7 === 0 ? undefined : `c${i % 5}`, `p${i % 3}`, `e${i}`, i),
    );
    const hashes = (given: readonly EventRow[], seed = SEED) => {
      const { events } = snapshotOf(given, seed);
      return new Map(given.map((row, index) => [row[8], events.splitHash[index]]));
    };
    const forwards = hashes(rows);
    expect(hashes(rows.toReversed())).toEqual(new Map([...forwards].reverse()));
    expect(forwards.get('e1')).toBe(hashEvent(SEED, 'c1', 'p1', 'e1'));
    expect(forwards.get('e0')).toBe(hashEvent(SEED, '', 'p0', 'e0'));
    expect(hashes(rows, SEED + 1)).not.toEqual(forwards);
  });

  it('loses nothing when the columns have to grow, more than once', () => {
    const count = 2 * 65_536 + 3;
    const builder = new SnapshotBuilder(SEED);
    for (let i = 0; i < count; i++) {
      builder.interaction(
        'purchase',
        `c${i % 1_000}`,
        `p${i % 100}`,
        i,
        i,
        i / 2,
        i % 5,
        `o${i % 10}`,
        `e${i}`,
      );
    }
    const { events, watermarkSeconds, customerIds } = builder.finish();
    expect(events).toMatchObject({ count, customerCount: 1_000, productCount: 100, orderCount: 10 });
    expect([watermarkSeconds, customerIds.length]).toEqual([count - 1, 1_000]);
    for (const column of [
      'customer',
      'product',
      'timeSeconds',
      'quantity',
      'unitPrice',
      'rating',
      'kind',
      'order',
      'splitHash',
    ] as const) {
      expect(events[column]).toHaveLength(count);
    }
    for (const i of [0, 65_535, 65_536, 131_071, 131_072, count - 1]) {
      expect([events.customer[i], events.product[i], events.timeSeconds[i], events.quantity[i]]).toEqual([
        i % 1_000,
        i % 100,
        i,
        i,
      ]);
      expect([events.unitPrice[i], events.rating[i], events.order[i]]).toEqual([i / 2, i % 5, i % 10]);
      expect([events.kind[i], events.splitHash[i]]).toEqual([
        InteractionKind.purchase,
        hashEvent(SEED, `c${i % 1_000}`, `p${i % 100}`, `e${i}`),
      ]);
    }
  });

  it('lies in shared memory, so that threads read it without a copy', () => {
    expect(snapshotOf([purchase('c1', 'p1', 'e')]).events.customer.buffer).toBeInstanceOf(SharedArrayBuffer);
  });
});
