import { purchaseHabits, type EventColumns } from '#libs/algorithms';
import type { RepurchaseCycle } from '#libs/serving';
import { MOST_CATEGORIES } from './price-responses.js';

const DAY_SECONDS = 86_400;
const DUE_WITHIN_DAYS = 7;

/**
 * How long customers take until they buy from a category again, and for how many the next purchase is to be expected in the week
 * after now: the last one plus the customer's own mean gap, or the category's median where too few are known.
 */
export function repurchaseCycles(
  events: EventColumns,
  categories: readonly (string | null)[],
  nowSeconds: number,
): { readonly cycles: RepurchaseCycle[]; readonly dueCustomers: number } {
  const numbers = new Map<string, number>();
  const categoryOf = Int32Array.from(categories, (category) => {
    if (category === null || category === '') return -1;
    const known = numbers.get(category) ?? numbers.size;
    numbers.set(category, known);
    return known;
  });
  const names = [...numbers.keys()];
  // What has no category shares a number that nobody reads.
  const product = Int32Array.from(events.product, (of) =>
    categoryOf[of] >= 0 ? categoryOf[of] : names.length,
  );
  const habits = purchaseHabits({ ...events, product, productCount: names.length + 1 });
  const today = Math.floor(nowSeconds / DAY_SECONDS);
  const due = new Int32Array(names.length + 1);
  let dueCustomers = 0;
  for (let customer = 0; customer < events.customerCount; customer++) {
    let isDue = false;
    for (let pair = habits.offsets[customer]; pair < habits.offsets[customer + 1]; pair++) {
      const days = habits.lastDays[pair] + habits.cycleDays[pair] - today;
      if (habits.products[pair] === names.length || !(days > 0 && days <= DUE_WITHIN_DAYS)) continue;
      due[habits.products[pair]]++;
      isDue = true;
    }
    if (isDue) dueCustomers++;
  }
  const { quartilesOfProduct, cycleOfProduct, buyersOfProduct, gapsOfProduct } = habits;
  const cycles = names
    .map((category, c) => ({
      ...{ category, buyers: buyersOfProduct[c], gaps: gapsOfProduct[c], dueCustomers: due[c] },
      ...{ lowerDays: quartilesOfProduct[2 * c], upperDays: quartilesOfProduct[2 * c + 1] },
      medianDays: cycleOfProduct[c],
    }))
    .filter(({ medianDays }) => !Number.isNaN(medianDays))
    .sort((a, b) => b.buyers - a.buyers || (a.category < b.category ? -1 : 1))
    .slice(0, MOST_CATEGORIES);
  return { cycles, dueCustomers };
}
