import { PIPELINE_TEMPLATE } from '#libs/domain';
import { profileData } from './profile-data.js';
import { SnapshotBuilder } from './snapshot-builder.js';

const DAY = 86_400;
const NOW = 1_790_000_000;

function snapshot() {
  const builder = new SnapshotBuilder(PIPELINE_TEMPLATE.seed);
  builder.product('tea', undefined, 5, false);
  builder.product('cup', undefined, 9, false);
  builder.customer('anna', 'NO', 'loyal');
  builder.customer('ben', 'DE', undefined);
  let event = 0;
  const add = (
    kind: 'view' | 'purchase' | 'return',
    who: string | undefined,
    what: string,
    daysAgo: number,
    price: number,
    quantity = 1,
  ) =>
    builder.interaction(kind, who, what, NOW - daysAgo * DAY, quantity, price, NaN, undefined, `${event++}`);
  for (let index = 0; index < 4; index++) add('purchase', 'anna', 'tea', index, 1 + index);
  add('purchase', 'ben', 'cup', 1, 9);
  add('purchase', undefined, 'cup', 1, NaN);
  // None of these: another kind, taken back, too long ago.
  add('view', 'ben', 'cup', 1, NaN);
  add('return', 'ben', 'cup', 1, 9);
  add('purchase', 'ben', 'cup', 1, 9, -1);
  add('purchase', 'ben', 'cup', 29, 9);
  return builder.finish();
}

test('the last weeks of the most frequent kind, by product, group and price', () => {
  expect(profileData(snapshot())).toEqual({
    kind: 'purchase',
    from: new Date((NOW - 28 * DAY) * 1000).toISOString(),
    products: { names: ['tea', 'cup'], counts: [4, 2, 0] },
    // A segment says more than a country, and a customer without either is in no group.
    customers: { names: ['loyal', 'DE'], counts: [4, 1, 0] },
    prices: { edges: [2, 3, 4, 9], counts: [1, 1, 1, 1, 1] },
  });
});

test('the rare share a bin, and one price for all has one', () => {
  const builder = new SnapshotBuilder(1);
  for (let index = 0; index < 30; index++)
    builder.interaction('view', undefined, `p${index}`, NOW, NaN, 2, NaN, undefined, `${index}`);
  const profile = profileData(builder.finish());
  expect(profile?.products.names).toHaveLength(19);
  expect(profile?.products.counts.at(-1)).toBe(11);
  expect(profile?.customers).toEqual({ names: [], counts: [0] });
  expect(profile?.prices).toEqual({ edges: [], counts: [30] });
});

test('nothing to describe', () => {
  expect(profileData(new SnapshotBuilder(1).finish())).toBeUndefined();
});
