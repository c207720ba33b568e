import type { PackedList } from '#libs/domain';
import { applyRules, PINNED } from './apply-rules.js';
import type { CompiledRules } from './compile-rules.js';
import type { RuledCustomer } from './match-customer.js';

export type RuleEffect = 'hides' | 'raises' | 'lowers' | 'pins';

/**
 * What rules do to the products of one list, for one customer; compiled from a single rule, what that rule does.
 * Products that are only moved by others are not in it.
 */
export function ruleEffects(
  list: PackedList,
  rules: CompiledRules,
  customer: RuledCustomer,
): ReadonlyMap<number, RuleEffect> {
  const { products, sources, factors } = applyRules(list, rules, customer);
  const effects = new Map<number, RuleEffect>();
  const kept = new Set(products);
  for (const product of list.products) if (!kept.has(product)) effects.set(product, 'hides');
  for (const [product, factor] of factors)
    if (kept.has(product)) effects.set(product, factor > 1 ? 'raises' : 'lowers');
  products.forEach((product, place) => {
    if (sources[place] === PINNED) effects.set(product, 'pins');
  });
  return effects;
}
