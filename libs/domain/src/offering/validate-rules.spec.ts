import { InvalidInputError } from '../errors/nightshift-error.js';
import { validateRules } from './validate-rules.js';

function errorsOf(value: unknown) {
  try {
    validateRules(value);
  } catch (error) {
    if (error instanceof InvalidInputError && error.code === 'invalidRules')
      return error.details.fields?.map(({ field }) => field);
    throw error;
  }
  return [];
}

const exclude = { ruleId: 'r1', kind: 'exclude', products: { categories: ['Tobacco'] } };

test('one of each kind', () => {
  const products = { brands: ['Acme'], attributes: { organic: [true] }, minimumPrice: 1 };
  const customers = { traits: { region: ['north'] } };
  const rules = [
    { ...exclude, from: '2026-12-01T00:00:00+01:00', until: '2026-12-24T12:00Z', note: 'Advent' },
    { ruleId: 'r2', kind: 'eligible', products, customers },
    { ruleId: 'r3', kind: 'forbid', products, together: { productIds: ['p1'] } },
    { ruleId: 'r4', kind: 'pin', productId: 'p1', position: 1, customers },
    { ruleId: 'r5', kind: 'boost', products, factor: 1.5 },
    { ruleId: 'r6', kind: 'minimumRelevance', share: 0.2 },
    { ruleId: 'r7', kind: 'dailyCap', products, perCustomer: 3 },
  ];
  expect(validateRules(rules)).toEqual(rules);
  expect(validateRules([])).toEqual([]);
});

test.each([
  [[{ ...exclude, kind: 'hide' }], ['rules.0.kind']],
  [[null], ['rules.0.kind']],
  [[{ ...exclude, products: {} }], ['rules.0.products']],
  [[{ ruleId: 'a', kind: 'exclude' }], ['rules.0.products']],
  [[exclude, { ...exclude, ruleId: 'r2', colour: 1 }], ['rules.1.colour']],
  [[exclude, exclude], ['rules.1.ruleId']],
  [[{ ...exclude, ruleId: 'no spaces' }], ['rules.0.ruleId']],
  [[{ ...exclude, from: '2026-12-01' }], ['rules.0.from']],
  [[{ ...exclude, from: '2026-13-01T00:00:00Z' }], ['rules.0.from']],
  [[{ ...exclude, from: '2026-12-02T00:00:00Z', until: '2026-12-01T00:00:00Z' }], ['rules.0.until']],
  [[{ ...exclude, products: { productIds: ['a\u0000'] } }], ['rules.0.products.productIds.0']],
  [[{ ruleId: 'a', kind: 'pin', productId: 'p', position: 0 }], ['rules.0.position']],
  [[{ ruleId: 'a', kind: 'boost', products: { brands: ['b'] }, factor: 0 }], ['rules.0.factor']],
  ['rules', ['rules']],
  [Array.from({ length: 501 }, () => exclude), ['rules']],
])('names what is wrong: case %#', (value, fields) => {
  expect(errorsOf(value)).toEqual(fields);
});
