import { dayOfIso, dayOfYearMonth } from '../calendar.js';
import { priceLevel, roundToCoin } from '../catalogue/price-level.js';
import { drawIndex, drawLogNormal, drawNormal } from '../random/distributions.js';
import { SeededRandom } from '../random/seeded-random.js';
import { Stream } from '../random/stream.js';
import type { FashionProfile } from '../world-profile.js';
import {
  FASHION_BRANDS,
  FASHION_CATEGORIES,
  STYLE_COUNT,
  type Department,
  type Season,
} from './fashion-ranges.js';

/** One season's articles. Even numbers are spring/summer, odd ones autumn/winter: number = 2 × (year − 2000) + half. */
export interface Collection {
  number: number;
  /** Key of the article at position 0; the others follow. */
  firstKey: number;
  year: number;
  season: Season;
  startDay: number;
  /** The first day on which nothing of it is sold any more. */
  endDay: number;
  /** From here on the collection is sold off. */
  saleDay: number;
  articles: readonly Article[];
}

export interface Article {
  /** Unique over all collections: collection number × 100,000 + position. */
  key: number;
  position: number;
  category: number;
  brand: number;
  department: Department;
  style: Float64Array;
  /** List price; a collection keeps its prices until the sale. */
  price: number;
  salePrice: number;
  /** Price relative to what the category usually costs: comparable between a T-shirt and a coat. */
  logPriceRatio: number;
  logSalePriceRatio: number;
  logAppeal: number;
  availableFromDay: number;
  retiredDay: number;
}

const BASE_YEAR = 2_000;
const KEYS_PER_COLLECTION = 100_000;
/** A year's window meets about three and a half collections. */
const COLLECTIONS_PER_YEAR_SEEN = 3.5;
const DROP_DAYS = 56;
const SALE_DAYS = 45;
const SALE_SHARE = 0.3;
const COIN = 10;

export const END_OF_SEASON_DISCOUNT = SALE_SHARE;

export class Collections {
  readonly #profile: FashionProfile;
  readonly #seed: number;
  readonly #known = new Map<number, Collection>();

  constructor(profile: FashionProfile, seed: number) {
    this.#profile = profile;
    this.#seed = seed;
  }

  /** Collections with a day in [fromDay, untilDay), oldest first. */
  inWindow(fromDay: number, untilDay: number): Collection[] {
    const found: Collection[] = [];
    const firstYear = new Date(fromDay * 86_400_000).getUTCFullYear() - 1;
    const lastYear = new Date(untilDay * 86_400_000).getUTCFullYear();
    for (let number = 2 * (firstYear - BASE_YEAR); number <= 2 * (lastYear - BASE_YEAR) + 1; number++) {
      const { startDay, endDay } = calendarOf(number);
      if (startDay < untilDay && endDay > fromDay) found.push(this.get(number));
    }
    return found;
  }

  get(number: number): Collection {
    let collection = this.#known.get(number);
    if (collection === undefined) {
      const frame = calendarOf(number);
      collection = { ...frame, articles: this.#articles(frame) };
      this.#known.set(number, collection);
    }
    return collection;
  }

  #articles(frame: CollectionFrame): Article[] {
    const count = Math.max(4, Math.round(this.#profile.productCount / COLLECTIONS_PER_YEAR_SEEN));
    const foundedDay = dayOfIso(this.#profile.foundedOn);
    const level = priceLevel(this.#seed, 0, frame.startDay, foundedDay, this.#profile.inflationPerYear);
    const random = new SeededRandom(this.#seed, Stream.catalogue, frame.number);
    return Array.from({ length: count }, (_, position) => drawArticle(random, frame, position, level));
  }
}

type CollectionFrame = Omit<Collection, 'articles'>;

function calendarOf(number: number): CollectionFrame {
  const year = BASE_YEAR + Math.floor(number / 2);
  const summer = number % 2 === 0;
  const startDay = summer ? dayOfYearMonth(year, 2, 1) : dayOfYearMonth(year, 8, 1);
  const endDay = summer ? dayOfYearMonth(year, 10, 1) : dayOfYearMonth(year + 1, 4, 1);
  const season: Season = summer ? 'spring-summer' : 'autumn-winter';
  return {
    number,
    firstKey: number * KEYS_PER_COLLECTION,
    year,
    season,
    startDay,
    endDay,
    saleDay: endDay - SALE_DAYS,
  };
}

function drawArticle(random: SeededRandom, frame: CollectionFrame, position: number, level: number): Article {
  const category = drawIndex(
    random,
    FASHION_CATEGORIES.map((each) => each.weight[frame.season]),
  );
  const { departments, price } = FASHION_CATEGORIES[category]!;
  const brand = random.below(FASHION_BRANDS.length);
  const { priceFactor, styles } = FASHION_BRANDS[brand]!;
  const style = Float64Array.from({ length: STYLE_COUNT }, (_, factor) => {
    const core = factor === styles[0] ? 1.5 : factor === styles[1] ? 0.8 : -0.45;
    return core + drawNormal(random, 0, 0.35);
  });
  const listPrice = roundToCoin(price * priceFactor * level * drawLogNormal(random, 0.18), COIN);
  const salePrice = roundToCoin(listPrice * (1 - SALE_SHARE), COIN);
  return {
    key: frame.firstKey + position,
    position,
    category,
    brand,
    department: departments.length === 1 || random.chance(0.6) ? departments[0]! : 'men',
    style,
    price: listPrice,
    salePrice,
    logPriceRatio: Math.log(listPrice / (price * level)),
    logSalePriceRatio: Math.log(salePrice / (price * level)),
    logAppeal: drawNormal(random, 0, 0.55),
    // Half of a collection is there on the first day, the rest is dropped over eight weeks.
    availableFromDay: frame.startDay + Math.max(0, Math.floor(random.between(-DROP_DAYS, DROP_DAYS))),
    // Some articles sell out weeks before the collection ends.
    retiredDay: frame.endDay - Math.max(0, Math.floor(random.between(-40, 30))),
  };
}

export function isOnSale(article: Article, day: number): boolean {
  return article.availableFromDay <= day && day < article.retiredDay;
}

/** What the article costs that day. */
export function priceOn(collection: Collection, article: Article, day: number): number {
  return day >= collection.saleDay ? article.salePrice : article.price;
}

export function articleIdOf(article: Article): string {
  return `A${article.key}`;
}
