import { copyOfRule, moved, newRule } from './rule-kinds.js';
import type { Rule } from './rule-types.js';

const named = (...ids: string[]) => ids.map((ruleId): Rule => ({ ruleId, kind: 'exclude', products: {} }));

test('a new rule gets a name that no other has', () => {
  expect(newRule('exclude', [])).toEqual({ ruleId: 'never', kind: 'exclude', products: {} });
  expect(newRule('exclude', named('never', 'never-2')).ruleId).toBe('never-3');
});

test('a copy is counted on from what it copies, and its name stays short enough', () => {
  expect(copyOfRule(named('advent-2')[0], named('advent', 'advent-2')).ruleId).toBe('advent-3');
  const long = named('x'.repeat(64));
  expect(copyOfRule(long[0], long).ruleId).toHaveLength(58);
});

test('rules move one place, and never out of the list', () => {
  const ids = (rules: readonly Rule[]) => rules.map(({ ruleId }) => ruleId).join('');
  const rules = named('a', 'b', 'c');
  expect([ids(moved(rules, 0, 1)), ids(moved(rules, 2, 1)), ids(moved(rules, 2, 3))]).toEqual([
    ...['bac', 'acb', 'abc'],
  ]);
});
