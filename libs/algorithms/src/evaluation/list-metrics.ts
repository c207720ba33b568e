import type { Csr } from '../dataset/csr.js';

/*
 * What lists are like besides accurate. Row r of `lists` is lists[r · stride … r · stride + k - 1], -1 padded. A list
 * without any product has no novelty or diversity (NaN).
 */
export interface Lists {
  readonly products: Int32Array;
  readonly rows: number;
  /** Distance from one list to the next, ≥ k. */
  readonly stride: number;
}

/** In how many of the lists' first k places each product stands. */
function placesOf({ products, rows, stride }: Lists, k: number, productCount: number): Float64Array {
  const places = new Float64Array(productCount);
  for (let r = 0; r < rows; r++)
    for (let i = r * stride; i < r * stride + k && products[i] >= 0; i++) places[products[i]]++;
  return places;
}

/**
 * Share of the products that may be listed which stand in any list (catalogue coverage; Ge, Delgado-Battenfeld and
 * Jannach 2010). NaN when none may be.
 * @param allowed per product, 0 = may not be listed
 */
export function coverageOf(lists: Lists, k: number, allowed: Uint8Array): number {
  const places = placesOf(lists, k, allowed.length);
  let sold = 0;
  let listed = 0;
  for (let p = 0; p < places.length; p++) {
    if (allowed[p] === 0) continue;
    sold++;
    if (places[p] > 0) listed++;
  }
  return listed / sold;
}

/**
 * Gini index of how often each product is listed: 0 when all are equally often, 1 when only one is ever.
 * G = Σ_j (2j - n - 1) x_(j) / ((n - 1) Σ x), x ascending (Shani and Gunawardana 2011). NaN for one product, or
 * without any list.
 */
export function giniOf(lists: Lists, k: number, allowed: Uint8Array): number {
  const counts = placesOf(lists, k, allowed.length)
    .filter((_, p) => allowed[p] !== 0)
    .sort();
  const n = counts.length;
  let weighted = 0;
  let sum = 0;
  for (let j = 0; j < n; j++) {
    weighted += (2 * (j + 1) - n - 1) * counts[j];
    sum += counts[j];
  }
  return weighted / ((n - 1) * sum);
}

/**
 * Mean self-information of the listed products in bits, -log2(customers of the product / customers): what everybody
 * has is no news (Zhou et al. 2010; Castells, Hurley and Vargas 2015). A product that nobody has counts as one that a
 * single customer has.
 */
export function noveltyInto(
  out: Float64Array,
  { products, stride }: Lists,
  k: number,
  customerCountOfProduct: Int32Array,
  customerCount: number,
): void {
  for (let r = 0; r < out.length; r++) {
    let sum = 0;
    let i = 0;
    for (; i < k && products[r * stride + i] >= 0; i++) {
      const owners = Math.max(1, customerCountOfProduct[products[r * stride + i]]);
      sum -= Math.log2(owners / Math.max(1, customerCount));
    }
    out[r] = sum / i;
  }
}

/** 1 / ‖row‖ of each row, 0 for an empty one. */
function inverseNorms({ rows, offsets, values }: Csr): Float64Array {
  const out = new Float64Array(rows);
  for (let r = 0; r < rows; r++) {
    let squared = 0;
    for (let e = offsets[r]; e < offsets[r + 1]; e++) squared += values[e] * values[e];
    out[r] = squared > 0 ? 1 / Math.sqrt(squared) : 0;
  }
  return out;
}

/**
 * Intra-list diversity: 1 - mean cosine of two different listed products, each a vector of its customers in training
 * (Smyth and McClave 2001; Ziegler et al. 2005). A product without customers is like no other (cosine 0). NaN for lists
 * of fewer than two.
 * Σ_{i≠j} cos = ‖Σ_i x̂_i‖² - Σ_i ‖x̂_i‖², so a list costs the lengths of its products' rows, not their square.
 */
export function diversityInto(
  out: Float64Array,
  { products, stride }: Lists,
  k: number,
  byProduct: Csr,
): void {
  const scales = inverseNorms(byProduct);
  const { offsets, indices, values } = byProduct;
  const sum = new Float64Array(byProduct.columns);
  for (let r = 0; r < out.length; r++) {
    let listed = 0;
    let known = 0;
    let squared = 0;
    for (; listed < k && products[r * stride + listed] >= 0; listed++) {
      const product = products[r * stride + listed];
      if (scales[product] > 0) known++;
      for (let e = offsets[product]; e < offsets[product + 1]; e++) {
        // ‖s + v‖² - ‖s‖² = v · (2s + v), entry by entry.
        const value = values[e] * scales[product];
        squared += value * (2 * sum[indices[e]] + value);
        sum[indices[e]] += value;
      }
    }
    for (let i = r * stride; i < r * stride + listed; i++)
      for (let e = offsets[products[i]]; e < offsets[products[i] + 1]; e++) sum[indices[e]] = 0;
    out[r] = listed < 2 ? NaN : 1 - (squared - known) / (listed * (listed - 1));
  }
}

/** The k products with the most customers that the customer does not have, for row after row. */
export class PopularLists {
  private readonly order: Int32Array;
  private readonly mark: Int32Array;

  /** Equal counts go by lower product index; a product that nobody has is not popular. */
  constructor(customerCountOfProduct: Int32Array, allowed: Uint8Array) {
    this.order = Int32Array.from(customerCountOfProduct.keys())
      .filter((p) => allowed[p] !== 0 && customerCountOfProduct[p] > 0)
      .sort((a, b) => customerCountOfProduct[b] - customerCountOfProduct[a] || a - b);
    this.mark = new Int32Array(customerCountOfProduct.length);
  }

  /** out[p] = stamp for each product of the list; stamps of earlier calls are left where they are. */
  markInto(out: Int32Array, stamp: number, seen: Int32Array, k: number): void {
    for (const product of seen) this.mark[product] = stamp;
    for (let i = 0, listed = 0; i < this.order.length && listed < k; i++) {
      if (this.mark[this.order[i]] === stamp) continue;
      out[this.order[i]] = stamp;
      listed++;
    }
  }
}

/**
 * Serendipity: the share of the k places that hold a product which is relevant and which the plain popularity list of
 * the same length would not have shown this customer. |(list \ popular list) ∩ relevant| / k, after Ge,
 * Delgado-Battenfeld and Jannach (2010), with popularity as their primitive prediction model.
 * @param seen row r: products left out of list r
 * @param relevant row r: what is relevant in list r
 */
export function serendipityInto(
  out: Float64Array,
  { products, stride }: Lists,
  k: number,
  seen: Csr,
  relevant: Csr,
  popular: PopularLists,
): void {
  const isPopular = new Int32Array(relevant.columns);
  const isRelevant = new Int32Array(relevant.columns);
  for (let r = 0; r < out.length; r++) {
    const stamp = r + 1;
    popular.markInto(isPopular, stamp, seen.indices.subarray(seen.offsets[r], seen.offsets[r + 1]), k);
    for (let e = relevant.offsets[r]; e < relevant.offsets[r + 1]; e++)
      isRelevant[relevant.indices[e]] = stamp;
    let found = 0;
    for (let i = r * stride; i < r * stride + k && products[i] >= 0; i++)
      if (isRelevant[products[i]] === stamp && isPopular[products[i]] !== stamp) found++;
    out[r] = found / k;
  }
}
