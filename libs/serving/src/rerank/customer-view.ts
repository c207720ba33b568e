import type { CommercialFeatures } from '#libs/algorithms';
import type { CustomerView } from './product-columns.js';

/** What the night's features say of one customer; views of their columns, no copies. */
export function customerViewOf(
  { prices, value, habits }: CommercialFeatures,
  customer: number,
): CustomerView {
  const [start, end] = [habits.offsets[customer], habits.offsets[customer + 1]];
  return {
    meanPrice: prices.meanPriceOfCustomer[customer],
    spendingSegment: value.spendingSegment[customer],
    products: habits.products.subarray(start, end),
    lastDays: habits.lastDays.subarray(start, end),
    cycleDays: habits.cycleDays.subarray(start, end),
  };
}
