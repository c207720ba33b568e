import type { EventColumns } from '../dataset/event-columns.js';
import { quantile } from '../statistics/summary.js';
import { isPurchaseLine } from './purchase-lines.js';

/** Where a product or a customer has no price to go by. */
export const UNKNOWN_TIER = 255;
export const PRICE_TIERS = 4;

export interface PriceStatistics {
  /** Per product: the catalogue's price, or else the mean price paid; NaN when neither is known. */
  readonly priceOfProduct: Float32Array;
  /** Standard deviation of the prices paid over their mean; NaN for fewer than two lines. */
  readonly variationOfProduct: Float32Array;
  /** Quarter of the catalogue by price, 0 (cheapest) to 3; UNKNOWN_TIER without a price. */
  readonly tierOfProduct: Uint8Array;
  /** Share of priced products that are cheaper, 0 to 1; NaN without a price. */
  readonly percentileOfProduct: Float32Array;
  /** Mean unit price of the lines that the customer bought; NaN without any. */
  readonly meanPriceOfCustomer: Float32Array;
}

/** @param cataloguePrices per product, NaN when unknown */
export function priceStatistics(events: EventColumns, cataloguePrices: Float64Array): PriceStatistics {
  const { productCount, customerCount } = events;
  const products = new Moments(productCount);
  const customers = new Moments(customerCount);
  for (let e = 0; e < events.count; e++) {
    // A gift says nothing about what somebody pays.
    if (!isPurchaseLine(events, e) || !(events.unitPrice[e] > 0)) continue;
    products.add(events.product[e], events.unitPrice[e]);
    if (events.customer[e] >= 0) customers.add(events.customer[e], events.unitPrice[e]);
  }
  const priceOfProduct = Float32Array.from({ length: productCount }, (_, product) => {
    const listed = cataloguePrices[product];
    return listed > 0 ? listed : products.mean(product);
  });
  return {
    priceOfProduct,
    variationOfProduct: Float32Array.from({ length: productCount }, (_, p) => products.variation(p)),
    ...levelsOf(priceOfProduct),
    meanPriceOfCustomer: Float32Array.from({ length: customerCount }, (_, c) => customers.mean(c)),
  };
}

function levelsOf(prices: Float32Array): Pick<PriceStatistics, 'tierOfProduct' | 'percentileOfProduct'> {
  const sorted = prices.filter((price) => price > 0).sort();
  const bounds = [0.25, 0.5, 0.75].map((share) => quantile(sorted, share));
  const tierOfProduct = new Uint8Array(prices.length).fill(UNKNOWN_TIER);
  const percentileOfProduct = new Float32Array(prices.length).fill(NaN);
  prices.forEach((price, product) => {
    if (!(price > 0)) return;
    tierOfProduct[product] = bounds.filter((bound) => price > bound).length;
    percentileOfProduct[product] = countBelow(sorted, price) / sorted.length;
  });
  return { tierOfProduct, percentileOfProduct };
}

/** Values of `sorted` that are smaller, by bisection. */
function countBelow(sorted: Float32Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Count, mean and spread of values by key. */
class Moments {
  private readonly counts: Float64Array;
  private readonly sums: Float64Array;
  private readonly squares: Float64Array;

  constructor(keys: number) {
    this.counts = new Float64Array(keys);
    this.sums = new Float64Array(keys);
    this.squares = new Float64Array(keys);
  }

  add(key: number, value: number): void {
    this.counts[key]++;
    this.sums[key] += value;
    this.squares[key] += value * value;
  }

  mean(key: number): number {
    return this.counts[key] > 0 ? this.sums[key] / this.counts[key] : NaN;
  }

  variation(key: number): number {
    if (this.counts[key] < 2) return NaN;
    const mean = this.mean(key);
    return Math.sqrt(Math.max(0, this.squares[key] / this.counts[key] - mean * mean)) / mean;
  }
}
