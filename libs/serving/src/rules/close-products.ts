import type { ProductSelector } from '#libs/domain';
import type { CompiledRules } from './compile-rules.js';
import { selectProducts, type SelectableProducts } from './select-products.js';

/** What one request keeps out of its answer. */
export interface Closing {
  readonly productIds: readonly string[];
  /** Only what it picks stays. */
  readonly filter: ProductSelector | undefined;
}

/** The tenant's rules with what one request closes on top: 1 more product hidden for each. */
export function closeProducts(
  rules: CompiledRules,
  productIds: readonly string[],
  catalogue: SelectableProducts | undefined,
  { productIds: away, filter }: Closing,
): CompiledRules {
  const picked = filter && selectProducts(productIds, catalogue, filter);
  const gone = new Set(away);
  const hidden = Uint8Array.from(productIds, (id, product) =>
    rules.hidden?.[product] === 1 || picked?.[product] === 0 || gone.has(id) ? 1 : 0,
  );
  return { ...rules, hidden };
}
