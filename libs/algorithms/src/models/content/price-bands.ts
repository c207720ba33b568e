import type { Csr } from '../../dataset/csr.js';
import type { ProductAttributes } from '../../dataset/product-attributes.js';
import { TermField } from '../../dataset/product-attributes.js';
import { sharedUint8 } from '../../parallel/shared-arrays.js';

/** Bands this far apart are strangers to one another. */
const REACH = 2;

/**
 * Price band of each product, 1 … bands from cheap to dear, 0 when its price is unknown: quantiles within the product's
 * most specific category of at least `categoryMinimum` priced products, else within the catalogue. Equal prices share a
 * band. Cost: O(entries + products · log products).
 */
export function priceBandsOf(
  attributes: ProductAttributes,
  bands: number,
  categoryMinimum: number,
): Uint8Array {
  const { prices } = attributes;
  const groups = new Map<number, number[]>();
  bandGroups(attributes, categoryMinimum).forEach((group, p) => {
    if (Number.isNaN(prices[p])) return;
    const members = groups.get(group);
    if (members === undefined) groups.set(group, [p]);
    else members.push(p);
  });
  const all = Float64Array.from(prices.filter((price) => !Number.isNaN(price))).sort();
  const bandOf = sharedUint8(prices.length);
  for (const [group, members] of groups) {
    const sorted = group < 0 ? all : Float64Array.from(members, (p) => prices[p]).sort();
    for (const p of members) bandOf[p] = bandIn(sorted, prices[p], bands);
  }
  return bandOf;
}

/** 1 + how many of the inner boundaries (the quantiles k / bands) lie below the price. */
function bandIn(sorted: Float64Array, price: number, bands: number): number {
  let band = 1;
  while (band < bands && price > sorted[Math.ceil((band * sorted.length) / bands) - 1]) band++;
  return band;
}

/** Per product: its category of the fewest priced products, but at least `minimum`; the lower id of equals; -1 if none. */
function bandGroups({ terms, fieldOfTerm, prices }: ProductAttributes, minimum: number): Int32Array {
  const priced = pricedProductsOfTerm(terms, prices);
  const groups = new Int32Array(terms.rows).fill(-1);
  for (let p = 0; p < terms.rows; p++) {
    let fewest = Infinity;
    for (let e = terms.offsets[p]; e < terms.offsets[p + 1]; e++) {
      const term = terms.indices[e];
      if (fieldOfTerm[term] !== TermField.category || priced[term] < minimum || priced[term] >= fewest)
        continue;
      fewest = priced[term];
      groups[p] = term;
    }
  }
  return groups;
}

function pricedProductsOfTerm(terms: Csr, prices: Float64Array): Int32Array {
  const counts = new Int32Array(terms.columns);
  for (let p = 0; p < terms.rows; p++) {
    if (Number.isNaN(prices[p])) continue;
    for (let e = terms.offsets[p]; e < terms.offsets[p + 1]; e++) counts[terms.indices[e]]++;
  }
  return counts;
}

/**
 * out[b] = Σ_b' h_b' · max(0, 1 - |b - b'| / REACH) / Σ h: how much of what the customer bought (h by band) lies in band b
 * or, counting half, next to it. Band 0 (unknown) takes no part and gets 0.
 */
export function bandAffinityInto(out: Float64Array, weightOfBand: Float64Array): void {
  out.fill(0);
  let sum = 0;
  for (let b = 1; b < out.length; b++) sum += weightOfBand[b];
  if (!(sum > 0)) return;
  for (let b = 1; b < out.length; b++)
    for (let other = Math.max(1, b - REACH + 1); other < Math.min(out.length, b + REACH); other++)
      out[b] += (weightOfBand[other] / sum) * (1 - Math.abs(b - other) / REACH);
}
