import fc from 'fast-check';
import type { ListSource } from '#libs/domain';
import type { Recommendation } from '#libs/serving';
import { RECOMMENDATION_SCHEMA } from '../recommendations/recommendation.schema.js';
import { writeRecommendation } from './write-recommendation.js';

const answer: Recommendation = {
  recommendationId: '019aa6e0-0000-7000-8000-000000000000',
  modelVersion: 3,
  servedAt: '2026-11-21T09:30:00.000Z',
  status: 'ok',
  statusReason: null,
  items: [],
};

const item = (changes: object = {}) => ({
  productId: 'P1',
  score: 0.5,
  source: 'ials' as ListSource,
  reasons: ['Chosen by customers with a similar taste'],
  ...changes,
});

test.each([
  ['no items', answer],
  [
    'nothing at all',
    { ...answer, modelVersion: null, status: 'none' as const, statusReason: 'off' as const },
  ],
  ['one item', { ...answer, items: [item()] }],
  ['reasons of any number', { ...answer, items: [item({ reasons: [] }), item({ reasons: ['a', 'b"'] })] }],
  ['two wordings of one source', { ...answer, items: [item({ reasons: ['a'] }), item({ reasons: ['b'] })] }],
  [
    'two sources with one wording',
    { ...answer, items: [item({ source: 'ease' }), item({ source: 'slim' })] },
  ],
])('%s', (_, value) => {
  expect(JSON.parse(writeRecommendation(value))).toEqual(value);
});

test.each([0, 0.1, 0.000001, 0.999999, 1, 1.25, -0.5, 4.123456, 123456.7, 1e21, 0.1234567])(
  'the score %d is written as the number that it is',
  (score) => {
    expect(JSON.parse(writeRecommendation({ ...answer, items: [item({ score })] })).items[0].score).toBe(
      score,
    );
  },
);

test('whatever text and number an item holds comes back', () => {
  const items = fc.array(
    fc.record({
      productId: fc.string({ unit: 'binary', maxLength: 20 }),
      score: fc.integer({ min: -10_000_000, max: 10_000_000 }).map((millionths) => millionths / 1e6),
      source: fc.constantFrom<ListSource>('ials', 'popularity'),
      reasons: fc.array(fc.string({ unit: 'binary' }), { maxLength: 2 }),
    }),
  );
  fc.assert(
    fc.property(items, (generated) => {
      const value = { ...answer, items: generated };
      expect(JSON.parse(writeRecommendation(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('every field of the documented answer is written', () => {
  const written = JSON.parse(writeRecommendation({ ...answer, items: [item()] }));
  expect(Object.keys(written).sort()).toEqual(Object.keys(RECOMMENDATION_SCHEMA.properties).sort());
  expect(Object.keys(written.items[0])).toEqual(
    // A look-up explains nothing: what is not required is for the ordinary way.
    [...RECOMMENDATION_SCHEMA.properties.items.items.required],
  );
});
