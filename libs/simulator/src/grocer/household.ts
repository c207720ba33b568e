import { AliasTable } from '../random/alias-table.js';
import { drawGamma, drawIndex, drawLogNormal, drawNormal, drawPoisson } from '../random/distributions.js';
import { noiseOfKeys, SeededRandom, uniformOfKeys } from '../random/seeded-random.js';
import { Stream } from '../random/stream.js';
import type { GrocerProfile } from '../world-profile.js';
import type { GrocerCatalogue, GrocerProduct } from './grocer-catalogue.js';
import { GROCER_CATEGORIES, GROCER_LINES } from './grocer-categories.js';
import { LIFESTYLES } from './lifestyles.js';

/** A need that comes back: the product may change after some years, the rhythm is the household's own. */
export interface StapleSlot {
  category: number;
  /** Days between two needs of this household for this product. */
  cycleDays: number;
  phaseDays: number;
  /** Days after which the household settles on a product anew. */
  habitDays: number;
}

export interface Household {
  index: number;
  lifestyle: number;
  /** Chance of a trip on an average day. */
  tripRate: number;
  /** Unplanned products per trip. */
  impulseRate: number;
  categoryTaste: Float64Array;
  categoryTable: AliasTable;
  lineAffinity: Float64Array;
  slots: readonly StapleSlot[];
  createdDay: number;
  leavesDay: number;
}

const LOVE = 5;
const AVOID = 0.12;
/** How far a household's own liking of single products spreads, in log-odds. */
const PRODUCT_NOISE = 1.1;
const KIND_NOISE = 0.8;

/** An alias table needs a total above 0, and a taste of exactly 0 would be a category nobody can ever enter. */
const LOWEST_WEIGHT = 1e-12;

/** Everything about a household that lasts, from its index alone. */
export function createHousehold(
  profile: GrocerProfile,
  seed: number,
  index: number,
  life: { createdDay: number; leavesDay: number },
): Household {
  const random = new SeededRandom(seed, Stream.taste, index);
  const lifestyle = lifestyleOf(seed, index);
  const categoryTaste = drawCategoryTaste(random, lifestyle);
  const lineAffinity = Float64Array.from(GROCER_LINES, (_, line) =>
    drawNormal(random, LIFESTYLES[lifestyle]!.lines[line]!, 0.6),
  );
  const categoryTable = new AliasTable(categoryTaste);
  const tripRate = Math.min(0.8, 0.06 + drawGamma(random, 2.2, 0.1)) * profile.activity;
  const slots = drawSlots(random, profile, categoryTaste, tripRate);
  const impulseRate = drawGamma(random, 2, 0.26);
  return {
    index,
    lifestyle,
    tripRate,
    impulseRate,
    categoryTaste,
    categoryTable,
    lineAffinity,
    slots,
    ...life,
  };
}

export function lifestyleOf(seed: number, index: number): number {
  return drawIndex(
    new SeededRandom(seed, Stream.affinity, index),
    LIFESTYLES.map((lifestyle) => lifestyle.share),
  );
}

function drawCategoryTaste(random: SeededRandom, lifestyle: number): Float64Array {
  const { loves, avoids } = LIFESTYLES[lifestyle]!;
  return Float64Array.from(GROCER_CATEGORIES, (category) => {
    const factor = loves.includes(category.name) ? LOVE : avoids.includes(category.name) ? AVOID : 1;
    return Math.max(LOWEST_WEIGHT, category.weight * factor * drawGamma(random, 1.6, 1 / 1.6));
  });
}

/** Staples in distinct categories; who rarely comes has few of them, and none that is needed faster than they come. */
function drawSlots(
  random: SeededRandom,
  profile: GrocerProfile,
  categoryTaste: Float64Array,
  tripRate: number,
): StapleSlot[] {
  const wanted = drawPoisson(random, profile.staplesPerHousehold * Math.min(1.5, tripRate / 0.3));
  const weights = categoryTaste.map((taste, category) =>
    GROCER_CATEGORIES[category]!.cycleDays * tripRate < 1 ? taste * 0.05 : taste,
  );
  const slots: StapleSlot[] = [];
  while (slots.length < Math.min(wanted, GROCER_CATEGORIES.length)) {
    const category = drawIndex(random, weights);
    if (category < 0) break;
    weights[category] = 0;
    const cycleDays = GROCER_CATEGORIES[category]!.cycleDays * drawLogNormal(random, 0.16);
    slots.push({
      category,
      cycleDays,
      phaseDays: random.between(0, cycleDays),
      habitDays: Math.round(random.between(300, 900)),
    });
  }
  return slots;
}

/** Liking of a product within its category, as a logit. */
export function productLogit(seed: number, household: Household, product: GrocerProduct): number {
  return (
    0.8 * product.logPopularity +
    household.lineAffinity[product.line]! +
    KIND_NOISE * noiseOfKeys(seed, Stream.affinity, household.index, product.category, product.kind + 1) +
    PRODUCT_NOISE * noiseOfKeys(seed, Stream.affinity, household.index, product.index, 0x7a57e)
  );
}

/** Softmax draw from the products of a category on sale that day; -1 if there are none. `boost` multiplies a weight. */
export function drawProduct(
  seed: number,
  catalogue: GrocerCatalogue,
  household: Household,
  category: number,
  day: number,
  random: SeededRandom,
  boost?: (product: GrocerProduct) => number,
): number {
  const indices = catalogue.byCategory[category]!;
  const weights = indices.map((index) => {
    const product = catalogue.products[index]!;
    if (!catalogue.isOnSale(product, day)) return 0;
    return Math.exp(productLogit(seed, household, product)) * (boost === undefined ? 1 : boost(product));
  });
  return indices[drawIndex(random, weights)] ?? -1;
}

/** The number of days of the need's k-th occurrence; the jitter is below half a cycle, so that occurrences keep order. */
export function needDay(seed: number, household: Household, slotIndex: number, occurrence: number): number {
  const slot = household.slots[slotIndex]!;
  const jitter = uniformOfKeys(seed, Stream.occasion, household.index, slotIndex, occurrence) - 0.5;
  return slot.phaseDays + (occurrence + 0.4 * jitter) * slot.cycleDays;
}
