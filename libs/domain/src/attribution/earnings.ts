/** Attributed purchases of some days, added up by the database: sums over customers, whatever their number. */
export interface EarningsTotals {
  readonly customers: number;
  readonly purchases: number;
  /** Of these, nobody told a price. */
  readonly withoutPrice: number;
  readonly revenue: number;
  /** Sum over customers of the square of what each of them spent. */
  readonly squaredRevenue: number;
  readonly squaredPurchases: number;
}

export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Of a normal distribution, for 95 %. */
const WIDTH = 1.959964;

/**
 * How far a total would move by chance alone if as many customers came again, each with a basket such as these: customers come at
 * random (Poisson), so the variance of a sum over them is the sum of their squares. It says nothing about what would have been bought
 * without recommendations; that takes a control group.
 */
function intervalOf(total: number, squares: number): Interval {
  const half = WIDTH * Math.sqrt(squares);
  return { value: total, low: Math.max(0, total - half), high: total + half };
}

export interface Earnings {
  readonly customers: number;
  readonly withoutPrice: number;
  readonly revenue: Interval;
  readonly purchases: Interval;
}

export function earningsOf(totals: EarningsTotals): Earnings {
  const { customers, withoutPrice, revenue, squaredRevenue, purchases, squaredPurchases } = totals;
  return {
    customers,
    withoutPrice,
    revenue: intervalOf(revenue, squaredRevenue),
    purchases: intervalOf(purchases, squaredPurchases),
  };
}
