import { momentOf, ruleSentence } from './rule-sentence.js';
import type { Rule } from './rule-types.js';

const context = {
  timeZone: 'Europe/Berlin',
  names: new Map([['P1', 'Green tea']]),
  money: (amount: number) => `€${amount}`,
};
const sentence = (rule: Omit<Rule, 'ruleId'>) => ruleSentence({ ruleId: 'r', ...rule }, context);

test.each<[string, Omit<Rule, 'ruleId'>]>([
  [
    'Never recommend products in category Alcohol to customers with segment minors, until 3 Jan 2027, 00:00.',
    {
      ...{ kind: 'exclude', products: { categories: ['Alcohol'] } },
      ...{ customers: { traits: { segment: ['minors'] } }, until: '2027-01-02T23:00:00Z' },
    },
  ],
  ['Never recommend Green tea (P1) or P2.', { kind: 'exclude', products: { productIds: ['P1', 'P2'] } }],
  [
    'Recommend products of brand A, B or C and with colour red only to customers with region north or south.',
    {
      ...{ kind: 'eligible', products: { brands: ['A', 'B', 'C'], attributes: { colour: ['red'] } } },
      customers: { traits: { region: ['north', 'south'] } },
    },
  ],
  [
    'Do not recommend products in category Meat to whoever has products with diet vegan.',
    {
      ...{ kind: 'forbid', products: { categories: ['Meat'] } },
      together: { attributes: { diet: ['vegan'] } },
    },
  ],
  ['Put Green tea (P1) at place 2.', { kind: 'pin', productId: 'P1', position: 2 }],
  ['Raise products at €5 or more by 30 %.', { kind: 'boost', products: { minimumPrice: 5 }, factor: 1.3 }],
  [
    'Lower products at €5 to €9 by 50 % for customer K1.',
    {
      ...{ kind: 'boost', products: { minimumPrice: 5, maximumPrice: 9 }, factor: 0.5 },
      customers: { customerIds: ['K1'] },
    },
  ],
  ['Leave out what scores below 12.5 % of the best.', { kind: 'minimumRelevance', share: 0.125 }],
  [
    'Offer products in category a, b, c or one of 2 more to one customer at most once a day each.',
    { kind: 'dailyCap', products: { categories: ['a', 'b', 'c', 'd', 'e'] }, perCustomer: 1 },
  ],
])('%s', (expected, rule) => {
  expect(sentence(rule)).toBe(expected);
});

test('what is not filled in yet says so', () => {
  expect(sentence({ kind: 'exclude', products: {} })).toBe('Never recommend products (say which).');
  expect(sentence({ kind: 'pin', productId: '', position: 1 })).toBe('Put a product (say which) at place 1.');
});

test('a rule holds from its beginning until before its end', () => {
  const rule = { ruleId: 'r', kind: 'exclude', from: '2026-12-01T00:00:00Z', until: '2026-12-24T00:00:00Z' };
  const at = (moment: string) => momentOf(rule as Rule, Date.parse(moment));
  expect([at('2026-11-30T23:59:59Z'), at('2026-12-01T00:00:00Z'), at('2026-12-24T00:00:00Z')]).toEqual([
    ...['later', 'now', 'over'],
  ]);
});

test.each([
  [{ ruleId: 'r', kind: 'exclude', products: { categories: 5 } }],
  [{ ruleId: 'r', kind: 'exclude', products: 'all' }],
  [{ ruleId: 'r', kind: 'eligible', customers: { traits: { region: 'north' } } }],
  [{ ruleId: 7, kind: 'pin' }],
  [{ kind: 'fly', products: null }],
])('a document may hold %j, and the page goes on', (rule) => {
  expect(ruleSentence(rule as unknown as Rule, context)).toBe('A rule that only the document can show.');
});
