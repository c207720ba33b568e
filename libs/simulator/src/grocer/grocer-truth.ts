import { GROCER_CATEGORIES } from './grocer-categories.js';
import type { GrocerCatalogue } from './grocer-catalogue.js';
import { productLogit, type Household } from './household.js';
import type { Staples } from './staples.js';

/** The horizon of the truth: what a household will want within a week. */
const HORIZON_DAYS = 7;
/** A staple that is not due this week still has a small rate: a guest, a spare pack. */
const NOT_DUE_RATE = 0.03;
const MET_SHARE = 0.85;

/** Logarithm of the expected purchases of each product within a week of the day; -Infinity off sale. */
export function grocerUtilities(
  seed: number,
  catalogue: GrocerCatalogue,
  household: Household,
  staples: Staples,
  day: number,
): Float64Array {
  const rates = new Float64Array(catalogue.products.length);
  const tasteTotal = household.categoryTaste.reduce((sum, taste) => sum + taste, 0);
  const impulses = household.impulseRate * household.tripRate * HORIZON_DAYS;
  GROCER_CATEGORIES.forEach((_, category) => {
    const indices = catalogue.byCategory[category]!;
    const weights = indices.map((index) => {
      const product = catalogue.products[index]!;
      return catalogue.isOnSale(product, day) ? Math.exp(productLogit(seed, household, product)) : 0;
    });
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const categoryRate = (impulses * household.categoryTaste[category]!) / tasteTotal;
    indices.forEach((index, i) => (rates[index] = total > 0 ? (categoryRate * weights[i]!) / total : 0));
  });
  household.slots.forEach((_, slotIndex) => {
    const productIndex = staples.productOf(slotIndex, day);
    if (productIndex < 0) return;
    const due = staples.needsBetween(slotIndex, day - 1, day + HORIZON_DAYS);
    rates[productIndex] = rates[productIndex]! + (due > 0 ? MET_SHARE * due : NOT_DUE_RATE);
  });
  return rates.map((rate) => Math.log(rate));
}
