import type { CustomerView, ProductColumns } from './product-columns.js';

/** One customer laid over the columns of products: what they have to do with each. Forgets in time proportional to what it knew. */
export class CustomerOnProducts {
  /** Position in the customer's own columns, plus 1; 0 = never bought. */
  private readonly entryOf: Int32Array;
  private readonly boughtInCategory = new Map<number, number>();
  private view!: CustomerView;

  constructor(private readonly columns: ProductColumns) {
    this.entryOf = new Int32Array(columns.count);
  }

  enter(view: CustomerView): void {
    this.view = view;
    const { category } = this.columns;
    view.products.forEach((product, entry) => {
      this.entryOf[product] = entry + 1;
      const of = category[product];
      if (of >= 0) this.boughtInCategory.set(of, (this.boughtInCategory.get(of) ?? 0) + 1);
    });
  }

  leave(view: CustomerView): void {
    for (const product of view.products) this.entryOf[product] = 0;
    this.boughtInCategory.clear();
  }

  /** NaN when the customer never bought it. */
  elapsedDays(product: number, nowDay: number): number {
    const entry = this.entryOf[product];
    return entry === 0 ? NaN : Math.max(0, nowDay - this.view.lastDays[entry - 1]);
  }

  cycleDays(product: number): number {
    const entry = this.entryOf[product];
    return entry === 0 ? NaN : this.view.cycleDays[entry - 1];
  }

  priceRatio(product: number): number {
    return this.columns.price[product] / this.view.meanPrice;
  }

  /** Share of the products bought; NaN for a stranger and for a product without a category. */
  categoryShare(product: number): number {
    const category = this.columns.category[product];
    if (category < 0 || this.view.products.length === 0) return NaN;
    return (this.boughtInCategory.get(category) ?? 0) / this.view.products.length;
  }
}
