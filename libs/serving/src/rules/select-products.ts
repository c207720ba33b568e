import type { ProductSelector, Trait } from '#libs/domain';
import type { Catalogue } from '../catalogue/catalogue.js';

/** What a selector looks at; a file from before there was a catalogue knows ids alone. */
export type SelectableProducts = Pick<Catalogue, 'categories' | 'brands' | 'tags' | 'columns'>;

/** Products that a selector picks, by index of the file: 1 = picked. */
export function selectProducts(
  productIds: readonly string[],
  catalogue: SelectableProducts | undefined,
  selector: ProductSelector,
): Uint8Array {
  const tests = testsOf(productIds, catalogue, selector);
  return Uint8Array.from(productIds, (_, product) => (tests.every((fits) => fits(product)) ? 1 : 0));
}

type ProductTest = (product: number) => boolean;

function testsOf(
  ids: readonly string[],
  catalogue: SelectableProducts | undefined,
  { productIds, categories, brands, attributes, minimumPrice, maximumPrice }: ProductSelector,
): ProductTest[] {
  const tests: ProductTest[] = [];
  if (productIds !== undefined) tests.push(isOneOf(ids, productIds));
  if (categories !== undefined) tests.push(isOneOf(catalogue?.categories, categories));
  if (brands !== undefined) tests.push(isOneOf(catalogue?.brands, brands));
  for (const [key, values] of Object.entries(attributes ?? {})) tests.push(hasTag(catalogue, key, values));
  const priceOf = (product: number) => catalogue?.columns.price[product] ?? NaN;
  // A product without a price is neither cheap nor dear.
  if (minimumPrice !== undefined) tests.push((product) => priceOf(product) >= minimumPrice);
  if (maximumPrice !== undefined) tests.push((product) => priceOf(product) <= maximumPrice);
  return tests;
}

function isOneOf(of: readonly (string | null)[] | undefined, values: readonly string[]): ProductTest {
  const wanted = new Set(values);
  return (product) => {
    const value = of?.[product];
    return typeof value === 'string' && wanted.has(value);
  };
}

function hasTag(
  catalogue: SelectableProducts | undefined,
  key: string,
  values: readonly Trait[],
): ProductTest {
  const wanted = new Set(values.map((value) => `${key}=${value}`));
  return (product) => catalogue?.tags[product]?.some((tag) => wanted.has(tag)) ?? false;
}
