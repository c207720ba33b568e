import { decodeProfile, encodeProfile, MOST_PAIRS, type ProfileSource } from './customer-profile.js';

const anna: ProfileSource = {
  spendingSegment: 2,
  loyaltyTier: 3,
  rfm: [5, 4, 3],
  meanPrice: 12.5,
  history: { products: Int32Array.of(3, 7), values: Float32Array.of(0.5, 1.5) },
  products: Int32Array.of(7),
  lastDays: Int32Array.of(20_000),
  cycleDays: Float32Array.of(NaN),
  traitsJson: '{"region":"Österreich","vip":true}',
};

test('a profile comes back as it was written', () => {
  const { traitsJson, ...rest } = anna;
  expect(traitsJson).not.toBeNull();
  expect(decodeProfile(encodeProfile(anna), 8)).toEqual({
    ...rest,
    traits: { region: 'Österreich', vip: true },
  });
});

test('a stranger to prices and traits', () => {
  const empty = { products: new Int32Array(0), values: new Float32Array(0) };
  const source = {
    ...anna,
    ...{ meanPrice: NaN, traitsJson: null, history: empty, products: empty.products },
    ...{ lastDays: new Int32Array(0), cycleDays: new Float32Array(0) },
  };
  expect(decodeProfile(encodeProfile(source), 0)).toMatchObject({
    meanPrice: NaN,
    traits: {},
    history: empty,
  });
});

test('the strongest preferences and the newest purchases stay', () => {
  const many = Int32Array.from({ length: MOST_PAIRS + 2 }, (_, i) => i);
  const profile = decodeProfile(
    encodeProfile({
      ...anna,
      history: { products: many, values: Float32Array.from(many, (i) => (i === 1 || i === 4 ? 0 : 1)) },
      products: many,
      lastDays: many,
      cycleDays: Float32Array.from(many),
    }),
    MOST_PAIRS + 2,
  )!;
  expect(profile.history.products).toHaveLength(MOST_PAIRS);
  expect([...profile.history.products.subarray(0, 4)]).toEqual([0, 2, 3, 5]);
  expect([profile.products[0], profile.lastDays[0], profile.cycleDays[0]]).toEqual([2, 2, 2]);
});

test('bytes that are no profile over these products are refused', () => {
  const bytes = encodeProfile(anna);
  expect(decodeProfile(bytes, 7)).toBeUndefined();
  expect(decodeProfile(bytes.slice(0, -1), 8)).toBeUndefined();
  expect(decodeProfile(new Uint8Array(3), 8)).toBeUndefined();
});
