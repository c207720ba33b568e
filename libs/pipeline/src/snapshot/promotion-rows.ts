import type { SnapshotPromotions } from './snapshot.js';

/** Counts for a promotion of which nobody says how much it takes off. */
const UNKNOWN_DISCOUNT = 0.1;

/** Collects the products of promotions. */
export class PromotionRows {
  private readonly product: number[] = [];
  private readonly discount: number[] = [];
  private readonly from: number[] = [];
  private readonly until: number[] = [];

  add(product: number, discountShare: number, fromSeconds: number, untilSeconds: number): void {
    this.product.push(product);
    this.discount.push(discountShare > 0 && discountShare <= 1 ? discountShare : UNKNOWN_DISCOUNT);
    this.from.push(fromSeconds);
    this.until.push(untilSeconds);
  }

  finish(): SnapshotPromotions {
    return {
      product: Int32Array.from(this.product),
      discount: Float32Array.from(this.discount),
      from: Float64Array.from(this.from),
      until: Float64Array.from(this.until),
    };
  }
}
