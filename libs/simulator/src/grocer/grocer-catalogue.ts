import { dayOfIso, startOfDay } from '../calendar.js';
import { priceLevel, roundToCoin } from '../catalogue/price-level.js';
import { drawLogNormal, shuffled, zipfWeights } from '../random/distributions.js';
import { SeededRandom, uniformOfKeys } from '../random/seeded-random.js';
import { Stream } from '../random/stream.js';
import type { SimulatedProduct } from '../simulated-schema.js';
import type { GrocerProfile } from '../world-profile.js';
import { GROCER_CATEGORIES, GROCER_LINES, GROCER_SIZES } from './grocer-categories.js';

export interface GrocerProduct {
  index: number;
  name: string;
  category: number;
  line: number;
  kind: number;
  brand: string;
  size: string;
  basePrice: number;
  cycleDays: number;
  /** Logarithm of the product's Zipf weight within its category. */
  logPopularity: number;
  availableFromDay: number;
  /** Infinity while there is no end in sight. */
  retiredDay: number;
}

const COIN = 5;
/** Shares of the range that arrive, and that leave, within the three years around the founding day. */
const NEWCOMER_SHARE = 0.06;
const LEAVER_SHARE = 0.05;
const EVERGREEN_DAYS = 2_000;
/** Not everything is on sale at once: the whole range is a little larger than what a shelf shows. */
const RANGE_FACTOR = 1.06;

/** The fixed range of a grocer, ordered by category. */
export class GrocerCatalogue {
  readonly products: readonly GrocerProduct[];
  /** Product indices by category. */
  readonly byCategory: readonly (readonly number[])[];
  readonly #profile: GrocerProfile;
  readonly #seed: number;
  readonly #foundedDay: number;

  constructor(profile: GrocerProfile, seed: number) {
    this.#profile = profile;
    this.#seed = seed;
    this.#foundedDay = dayOfIso(profile.foundedOn);
    const products: GrocerProduct[] = [];
    this.byCategory = GROCER_CATEGORIES.map((_, category) => {
      const first = products.length;
      products.push(...this.#categoryProducts(category, first));
      return Array.from({ length: products.length - first }, (__, i) => first + i);
    });
    this.products = products;
  }

  price(product: GrocerProduct, day: number): number {
    const level = priceLevel(
      this.#seed,
      product.index,
      day,
      this.#foundedDay,
      this.#profile.inflationPerYear,
    );
    return roundToCoin(product.basePrice * level, COIN);
  }

  isOnSale(product: GrocerProduct, day: number): boolean {
    return product.availableFromDay <= day && day < product.retiredDay;
  }

  row(product: GrocerProduct, untilDay: number): SimulatedProduct {
    const category = GROCER_CATEGORIES[product.category]!;
    const offset = this.#profile.utcOffsetMinutes;
    const retired = product.retiredDay < untilDay;
    return {
      productId: productIdOf(product.index),
      name: product.name,
      category: category.name,
      brand: product.brand,
      description: `${product.name}, ${GROCER_LINES[product.line]!.name} line, from our ${category.name.toLowerCase()} shelf`,
      price: this.price(product, untilDay),
      attributes: {
        line: GROCER_LINES[product.line]!.name,
        kind: category.kinds[product.kind]!,
        size: product.size === '' ? 'Standard' : product.size,
        organic: GROCER_LINES[product.line]!.name === 'organic',
        privateLabel: product.brand === 'Prima' || product.brand === 'Terra Bio',
      },
      availableFrom: startOfDay(product.availableFromDay, offset),
      ...(retired ? { retiredAt: startOfDay(product.retiredDay, offset) } : {}),
    };
  }

  #categoryProducts(category: number, firstIndex: number): GrocerProduct[] {
    const share = (RANGE_FACTOR * this.#profile.productCount) / GROCER_CATEGORIES.length;
    const count = Math.max(2, Math.floor((category + 1) * share) - Math.floor(category * share));
    const random = new SeededRandom(this.#seed, Stream.catalogue, category);
    const combinations = shuffled(random, combinationsOf(category, random));
    const popularity = zipfWeights(count, 0.7);
    return Array.from({ length: count }, (_, rank) => {
      const series = Math.floor(rank / combinations.length);
      const combination = combinations[rank % combinations.length]!;
      return this.#product(
        category,
        firstIndex + rank,
        { ...combination, series },
        Math.log(popularity[rank]!),
        random,
      );
    });
  }

  #product(
    category: number,
    index: number,
    combination: Combination & { series: number },
    logPopularity: number,
    random: SeededRandom,
  ): GrocerProduct {
    const shelf = GROCER_CATEGORIES[category]!;
    const size = GROCER_SIZES[combination.size]!;
    const series = combination.series === 0 ? '' : `No. ${combination.series + 1}`;
    const words = [combination.brand, shelf.kinds[combination.kind]!, size.label, series];
    return {
      index,
      name: words.filter((word) => word !== '').join(' '),
      category,
      line: combination.line,
      kind: combination.kind,
      brand: combination.brand,
      size: size.label,
      basePrice:
        shelf.price *
        GROCER_LINES[combination.line]!.priceFactor *
        size.priceFactor *
        drawLogNormal(random, 0.12),
      cycleDays: shelf.cycleDays,
      logPopularity,
      ...this.#lifeOf(index),
    };
  }

  /** Most of the range is always there; a few products arrive or leave around the founding day. */
  #lifeOf(index: number): { availableFromDay: number; retiredDay: number } {
    const arrival = uniformOfKeys(this.#seed, Stream.lifecycle, index, 1);
    const departure = uniformOfKeys(this.#seed, Stream.lifecycle, index, 2);
    const availableFromDay =
      arrival < NEWCOMER_SHARE
        ? this.#foundedDay + Math.floor((arrival / NEWCOMER_SHARE) * 1_095)
        : this.#foundedDay - EVERGREEN_DAYS;
    const retiredDay =
      departure < LEAVER_SHARE
        ? availableFromDay + 400 + Math.floor((departure / LEAVER_SHARE) * 2_600)
        : Infinity;
    return { availableFromDay, retiredDay };
  }
}

interface Combination {
  kind: number;
  line: number;
  brand: string;
  size: number;
}

/** Standard sizes first, so that a small range holds one pack of each kind and line. */
function combinationsOf(category: number, random: SeededRandom): Combination[] {
  const kinds = GROCER_CATEGORIES[category]!.kinds;
  const brands = GROCER_LINES.map((line) => random.pick(line.brands));
  const combinations: Combination[] = [];
  for (let size = 0; size < GROCER_SIZES.length; size++) {
    for (let kind = 0; kind < kinds.length; kind++) {
      brands.forEach((brand, line) => combinations.push({ kind, line, brand, size }));
    }
  }
  return combinations;
}

export function productIdOf(index: number): string {
  return `P${String(index).padStart(5, '0')}`;
}
