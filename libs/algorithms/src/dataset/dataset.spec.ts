import fc from 'fast-check';
import { createRandom } from '../statistics/random.js';
import { groupedEvents, NOW_SECONDS } from '../testing/grouped-events.js';
import type { EventColumns } from './event-columns.js';
import { allocateEvents, InteractionKind } from './event-columns.js';
import { hashEvent } from './hash-event.js';
import { buildTargets, sampleNegatives } from './pair-targets.js';
import { preferenceStrengths, strengthDefaults } from './preference-strength.js';
import { runPrepareDataset } from './prepare-dataset.js';
import { Part, splitEvents } from './split-events.js';
import { buildTrainingSet } from './training-set.js';

interface Row {
  customer?: number;
  product?: number;
  kind?: number;
  price?: number;
  quantity?: number;
  rating?: number;
  ageDays?: number;
  order?: number;
  hash?: number;
}

function eventsOf(rows: Row[]): EventColumns {
  const events = allocateEvents(rows.length);
  rows.forEach((row, e) => {
    events.customer[e] = row.customer ?? 0;
    events.product[e] = row.product ?? 0;
    events.kind[e] = row.kind ?? InteractionKind.purchase;
    events.unitPrice[e] = row.price ?? NaN;
    events.quantity[e] = row.quantity ?? NaN;
    events.rating[e] = row.rating ?? NaN;
    events.timeSeconds[e] = NOW_SECONDS - (row.ageDays ?? 0) * 86400;
    events.order[e] = row.order ?? -1;
    events.splitHash[e] = row.hash ?? 0xffffffff;
  });
  return Object.assign(events, { customerCount: 3, productCount: 4, orderCount: 3 });
}

function shuffled(events: EventColumns): EventColumns {
  const random = createRandom(5);
  const order = Array.from({ length: events.count }, (_, e) => ({ e, key: random.nextFloat() }));
  order.sort((a, b) => a.key - b.key);
  const out = { ...events };
  for (const field of [
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
    const source = events[field];
    Object.assign(out, { [field]: source.map((_: number, i: number) => source[order[i].e]) });
  }
  return out;
}

describe('hashEvent', () => {
  it('tells apart fields that only join to the same text', () => {
    expect(hashEvent(1, 'a', 'bc', '')).not.toBe(hashEvent(1, 'ab', 'c', ''));
    expect(hashEvent(1, 'a', '', 'b')).not.toBe(hashEvent(1, 'a', 'b', ''));
  });

  it('is uniform, and independent between neighbouring seeds', () => {
    const n = 20000;
    const below = (seed: number) =>
      Array.from(
        { length: n },
        (_, i) => hashEvent(seed, `c${i % 97}`, `p${i % 31}`, `${i}`) < 0.2 * 2 ** 32,
      );
    const [a, b] = [below(1), below(2)];
    const count = (flags: boolean[]) => flags.filter(Boolean).length / n;
    // Four standard errors of a share of 0.2 and of 0.04.
    expect(Math.abs(count(a) - 0.2)).toBeLessThan(4 * Math.sqrt(0.16 / n));
    expect(Math.abs(count(a.map((flag, i) => flag && b[i])) - 0.04)).toBeLessThan(4 * Math.sqrt(0.0384 / n));
  });
});

describe('preferenceStrengths', () => {
  const strengthOf = (rows: Row[]) => [...preferenceStrengths(eventsOf(rows))];

  it('weighs price against the customer and quantity against the product', () => {
    const [dear, cheap] = strengthOf([
      { price: 30, quantity: 1, product: 0 },
      { price: 10, quantity: 3, product: 0 },
    ]);
    expect(dear).toBeCloseTo(0.5 * Math.log1p(1.5) + 0.5 * Math.log1p(0.5), 6);
    expect(cheap).toBeCloseTo(0.5 * Math.log1p(0.5) + 0.5 * Math.log1p(1.5), 6);
  });

  it('clips ratios, keeps free articles and compares an unknown customer with the product', () => {
    const [free, , unknown] = strengthOf([
      { price: 0, quantity: 1, product: 0 },
      { price: 10, quantity: 1, product: 1 },
      { price: 20, quantity: 1, product: 1, customer: -1 },
    ]);
    expect(free).toBeCloseTo(0.5 * Math.log1p(0.1) + 0.5 * Math.log1p(1), 6);
    expect(unknown).toBeCloseTo(0.5 * Math.log1p(20 / 15) + 0.5 * Math.log1p(1), 6);
  });

  it('gives nothing for returns, and leaves them out of the means', () => {
    const strengths = strengthOf([
      { price: 10, quantity: 1 },
      { price: 10, quantity: -50 },
      { price: -10, quantity: 1 },
      { price: 999, quantity: 3, kind: InteractionKind.return },
      { kind: InteractionKind.rating },
    ]);
    expect(strengths[0]).toBeCloseTo(Math.log1p(1), 6);
    expect(strengths.slice(1)).toEqual([0, 0, 0, 0]);
  });

  it('lets a rating replace all else and takes rejections off', () => {
    const [best, worst, rejected] = strengthOf([
      { rating: 5, price: 1, quantity: 1 },
      { rating: 1, kind: InteractionKind.rating },
      { kind: InteractionKind.rejected },
    ]);
    expect(best).toBeCloseTo(Math.log1p(5), 6);
    expect(worst).toBeCloseTo(Math.log1p(0.1), 6);
    expect(rejected).toBeCloseTo(-strengthDefaults.rejectedWeight, 6);
  });

  it('refuses parameters out of range by name', () => {
    expect(() => preferenceStrengths(eventsOf([]), { ...strengthDefaults, priceShare: 2 })).toThrow(
      expect.objectContaining({ code: 'PARAMETER_INVALID', field: 'priceShare' }),
    );
  });
});

describe('splitEvents', () => {
  it('lets only recent signals of known customers leave train', () => {
    const events = eventsOf([
      { hash: 0 },
      { hash: 0.25 * 2 ** 32 },
      { hash: 0.5 * 2 ** 32 },
      { hash: 0, ageDays: 60 },
      { hash: 0, customer: -1 },
      { hash: 0, kind: InteractionKind.rejected },
      { hash: 0, kind: InteractionKind.return },
    ]);
    const options = {
      holdoutShare: 0.2,
      calibrationShare: 0.1,
      windowStartSeconds: NOW_SECONDS - 28 * 86400,
    };
    expect([...splitEvents(events, options)]).toEqual([Part.holdout, Part.calibration, 0, 0, 0, 0, 0]);
    expect(() => splitEvents(events, { ...options, holdoutShare: 0.95 })).toThrow(RangeError);
  });
});

describe('buildTrainingSet', () => {
  const options = { nowSeconds: NOW_SECONDS, halfLifeDays: 10 };

  it('decays, sums pairs, subtracts rejections and keeps anonymous orders', () => {
    const events = eventsOf([
      { product: 0, ageDays: 10 },
      { product: 0 },
      { product: 1, customer: 1 },
      { product: 1, customer: 1, kind: InteractionKind.rejected },
      { product: 2, customer: -1, order: 1 },
      { product: 3, customer: -1, order: 1 },
    ]);
    const set = buildTrainingSet(events, Float32Array.of(1, 1, 0.4, -0.5, 1, 1), undefined, options);
    expect([...set.byCustomer.offsets]).toEqual([0, 1, 1, 1]);
    expect([...set.byCustomer.values]).toEqual([1.5]);
    expect([...set.orders.offsets]).toEqual([0, 0, 2, 2]);
    expect([...set.orders.indices]).toEqual([2, 3]);
    expect([...set.popularity]).toEqual([1.5, 0, 1, 1]);
    expect([...set.customerCountOfProduct]).toEqual([1, 0, 0, 0]);
  });

  it('gives the same set, bit for bit, whatever the order of the rows', () => {
    const events = groupedEvents();
    const prepare = (columns: EventColumns) =>
      runPrepareDataset({
        events: columns,
        options: {
          strength: strengthDefaults,
          split: { holdoutShare: 0.2, calibrationShare: 0.1, windowStartSeconds: NOW_SECONDS - 60 * 86400 },
          trainingSet: options,
        },
      });
    const [a, b] = [prepare(events), prepare(shuffled(events))];
    expect(b.training).toEqual(a.training);
    expect(b.holdoutTargets).toEqual(a.holdoutTargets);
    expect(a.holdoutTargets.customer.length).toBeGreaterThan(50);
    expect(a.calibrationTargets.customer.length).toBeGreaterThan(20);
  });

  it('refuses indices that would reach beside the arrays', () => {
    for (const row of [{ product: 4 }, { customer: 3 }, { order: -2 }]) {
      const events = eventsOf([row]);
      expect(() => buildTrainingSet(events, Float32Array.of(1), undefined, options)).toThrow(
        expect.objectContaining({ code: 'INDEX_OUT_OF_RANGE' }),
      );
    }
  });
});

describe('sampleNegatives', () => {
  const events = groupedEvents();
  const parts = splitEvents(events, { holdoutShare: 0.2, calibrationShare: 0, windowStartSeconds: 0 });
  const strengths = preferenceStrengths(events);
  const targets = buildTargets(events, strengths, parts, Part.holdout);
  const { byCustomer } = buildTrainingSet(events, strengths, parts, {
    nowSeconds: NOW_SECONDS,
    halfLifeDays: 10,
    includeParts: [0],
  });

  it('draws distinct products that are neither seen, held out nor retired, the same for the same seed', () => {
    const allowed = new Uint8Array(40).fill(1).fill(0, 30);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 12 }), fc.nat(), (perPositive, seed) => {
        const negatives = sampleNegatives(targets, byCustomer, perPositive, seed, allowed);
        expect(sampleNegatives(targets, byCustomer, perPositive, seed, allowed)).toEqual(negatives);
        const taken = new Set([...targets.customer].map((c, i) => c * 40 + targets.product[i]));
        for (let c = 0; c < byCustomer.rows; c++) {
          for (let e = byCustomer.offsets[c]; e < byCustomer.offsets[c + 1]; e++)
            taken.add(c * 40 + byCustomer.indices[e]);
        }
        negatives.customer.forEach((c, i) => {
          const key = c * 40 + negatives.product[i];
          expect(taken.has(key)).toBe(false);
          expect(negatives.product[i]).toBeLessThan(30);
          taken.add(key);
        });
      }),
      { numRuns: 30 },
    );
  });

  it('draws as many as asked where there are enough', () => {
    expect(sampleNegatives(targets, byCustomer, 2, 1).customer.length).toBe(2 * targets.customer.length);
  });
});
