import type { EventColumns } from '../dataset/event-columns.js';
import { isPurchaseLine, SECONDS_A_DAY, unitsOf } from './purchase-lines.js';

/** How demand follows the price. `unknown`: too few weeks, or the price has hardly moved. */
export const ELASTICITY_CLASSES = ['unknown', 'sensitive', 'neutral', 'insensitive'] as const;

const WEEK_SECONDS = 7 * SECONDS_A_DAY;
export const ELASTICITY_MINIMUM_WEEKS = 8;
/** Standard deviation of the logarithm of the price: about 3 %. */
const MINIMUM_SPREAD = 0.03;
/** Half-width of a 90 % interval, in standard errors. */
export const ELASTICITY_STANDARD_ERRORS = 1.645;

export interface PriceElasticity {
  /** Slope of log(units a week) over log(mean price of the week); NaN when unknown. */
  readonly slope: Float32Array;
  /** Standard error of the slope; NaN when unknown. */
  readonly error: Float32Array;
  /** Weeks with sales at a known price. */
  readonly weeks: Int32Array;
  /** Index into ELASTICITY_CLASSES. */
  readonly classOfProduct: Uint8Array;
}

/**
 * Regression of weekly units on the weekly price, both as logarithms, over weeks with sales. At a slope of -1 revenue does not
 * depend on the price: a product is sensitive when the 90 % interval lies below, insensitive when it lies above, and else
 * neutral. An insight, not an experiment: whatever moved price and demand together is in it.
 */
export function priceElasticity(events: EventColumns): PriceElasticity {
  const slope = new Float32Array(events.productCount).fill(NaN);
  const error = new Float32Array(events.productCount).fill(NaN);
  const weeks = new Int32Array(events.productCount);
  const classOfProduct = new Uint8Array(events.productCount);
  for (const [product, sales] of weeklySales(events)) {
    weeks[product] = sales.size;
    const fit = regress([...sales.values()]);
    if (fit === undefined) continue;
    slope[product] = fit.slope;
    error[product] = fit.error;
    const margin = ELASTICITY_STANDARD_ERRORS * fit.error;
    if (fit.slope + margin < -1) classOfProduct[product] = ELASTICITY_CLASSES.indexOf('sensitive');
    else if (fit.slope - margin > -1) classOfProduct[product] = ELASTICITY_CLASSES.indexOf('insensitive');
    else classOfProduct[product] = ELASTICITY_CLASSES.indexOf('neutral');
  }
  return { slope, error, weeks, classOfProduct };
}

interface WeekOfSales {
  units: number;
  revenue: number;
}

function weeklySales(events: EventColumns): Map<number, Map<number, WeekOfSales>> {
  const sales = new Map<number, Map<number, WeekOfSales>>();
  for (let e = 0; e < events.count; e++) {
    if (!isPurchaseLine(events, e) || !(events.unitPrice[e] > 0)) continue;
    const product = events.product[e];
    const week = Math.floor(events.timeSeconds[e] / WEEK_SECONDS);
    const weeks = sales.get(product) ?? new Map<number, WeekOfSales>();
    const known = weeks.get(week) ?? { units: 0, revenue: 0 };
    known.units += unitsOf(events, e);
    known.revenue += unitsOf(events, e) * events.unitPrice[e];
    weeks.set(week, known);
    sales.set(product, weeks);
  }
  return sales;
}

/** Ordinary least squares with the slope's standard error. */
function regress(weeks: readonly WeekOfSales[]): { slope: number; error: number } | undefined {
  const n = weeks.length;
  if (n < ELASTICITY_MINIMUM_WEEKS) return undefined;
  const x = weeks.map(({ units, revenue }) => Math.log(revenue / units));
  const y = weeks.map(({ units }) => Math.log(units));
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / n;
  const [meanX, meanY] = [mean(x), mean(y)];
  const sxx = x.reduce((sum, value) => sum + (value - meanX) ** 2, 0);
  if (Math.sqrt(sxx / n) < MINIMUM_SPREAD) return undefined;
  const slope = x.reduce((sum, value, i) => sum + (value - meanX) * (y[i] - meanY), 0) / sxx;
  const residuals = x.reduce((sum, value, i) => sum + (y[i] - meanY - slope * (value - meanX)) ** 2, 0);
  return { slope, error: Math.sqrt(residuals / (n - 2) / sxx) };
}
