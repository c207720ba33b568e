import type { Rule } from '#libs/domain';
import { selectProducts, type SelectableProducts } from './select-products.js';

/**
 * Products that a rule keeps from everybody, today and tomorrow: 1 = hidden. The night leaves them out already, so that they take
 * no places of lists that a request would have to fill. Everything else about rules is for the request: it may change by then.
 */
export function standingExclusions(
  rules: readonly Rule[],
  productIds: readonly string[],
  catalogue: SelectableProducts | undefined,
): Uint8Array {
  const hidden = new Uint8Array(productIds.length);
  for (const rule of rules) {
    if (
      rule.kind !== 'exclude' ||
      rule.customers !== undefined ||
      rule.from !== undefined ||
      rule.until !== undefined
    )
      continue;
    selectProducts(productIds, catalogue, rule.products).forEach((picked, p) => (hidden[p] |= picked));
  }
  return hidden;
}
