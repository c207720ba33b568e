import type { Csr } from '#libs/algorithms';
import { LIST_SOURCES, type ListSource, type PackedList } from '#libs/domain';

/** Customers with a history that a part of the customers needs for a list of its own. */
const MINIMUM_CUSTOMERS = 20;
/** Largest number of lists per way of dividing the customers: the biggest parts come first. */
const MAXIMUM_LISTS = 250;

/** Products by weight, highest first; ties go to the lower index. Products without weight are left out. */
export function topProducts(
  weights: ArrayLike<number>,
  allowed: Uint8Array,
  count: number,
  source: ListSource,
): PackedList {
  const candidates: number[] = [];
  for (let product = 0; product < weights.length; product++) {
    if (allowed[product] === 1 && weights[product] > 0) candidates.push(product);
  }
  candidates.sort((a, b) => weights[b] - weights[a] || a - b);
  const products = Int32Array.from(candidates.slice(0, count));
  return {
    products,
    scores: Float32Array.from(products, (product) => weights[product]),
    sources: new Uint8Array(products.length).fill(LIST_SOURCES.indexOf(source)),
  };
}

/** What is popular among the customers of each country or segment. */
export function segmentRankings(
  labels: readonly (string | null)[],
  histories: Csr,
  allowed: Uint8Array,
  count: number,
): Map<string, PackedList> {
  const customersOf = new Map<string, number[]>();
  labels.forEach((label, customer) => {
    if (label === null || label === '' || histories.offsets[customer + 1] === histories.offsets[customer])
      return;
    const customers = customersOf.get(label);
    if (customers === undefined) customersOf.set(label, [customer]);
    else customers.push(customer);
  });
  const large = [...customersOf].filter(([, customers]) => customers.length >= MINIMUM_CUSTOMERS);
  large.sort(([a, of], [b, others]) => others.length - of.length || (a < b ? -1 : 1));
  const rankings = new Map<string, PackedList>();
  for (const [label, customers] of large.slice(0, MAXIMUM_LISTS)) {
    const weights = new Float64Array(histories.columns);
    for (const customer of customers) {
      for (let entry = histories.offsets[customer]; entry < histories.offsets[customer + 1]; entry++) {
        weights[histories.indices[entry]] += histories.values[entry];
      }
    }
    rankings.set(label, topProducts(weights, allowed, count, 'segment-popularity'));
  }
  return rankings;
}
