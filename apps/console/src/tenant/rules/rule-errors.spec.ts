import { Problem } from '../../api/problem.js';
import { ruleErrorsOf } from './rule-errors.js';

const problem = (...fields: [string, string][]) =>
  new Problem(
    { code: 'invalidRules', errors: fields.map(([field, message]) => ({ field, code: 'invalid', message })) },
    new Response(null, { status: 400 }),
  );

test('errors are put at the rule and the field that they name', () => {
  const errors = ruleErrorsOf(
    problem(
      ['rules.1.products.categories', 'must NOT have fewer than 1 items'],
      ['rules.1.until', 'must be later than from'],
      ['rules.10.factor', 'must be <= 100'],
    ),
  );
  expect(errors(0).lines).toEqual([]);
  expect(errors(1).lines).toEqual(['Products, Category: say at least one', 'Until: must be later than from']);
  expect(errors(1).at('products')).toBe('say at least one');
  expect(errors(1).at('products.brands')).toBeUndefined();
  expect(errors(10).at('factor')).toBe('at most 100');
});

test('what is no problem with fields says nothing about any rule', () => {
  expect(ruleErrorsOf(new Error('away'))(0).lines).toEqual([]);
  expect(ruleErrorsOf(problem(['reason', 'must not be empty']))(0).lines).toEqual([]);
});
