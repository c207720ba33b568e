import { drawGamma, drawNormal } from '../random/distributions.js';
import { noiseOfKeys, SeededRandom } from '../random/seeded-random.js';
import { Stream } from '../random/stream.js';
import type { FashionProfile } from '../world-profile.js';
import { isOnSale, type Article, type Collection } from './collections.js';
import { FASHION_BRANDS, FASHION_CATEGORIES, STYLE_COUNT } from './fashion-ranges.js';

export interface FashionCustomer {
  index: number;
  gender: string;
  /** Chance of a visit on an average day. */
  visitRate: number;
  /** Logarithm of the price, relative to the category's usual one, at which the customer feels at home. */
  logPriceLevel: number;
  style: Float64Array;
  categoryTaste: Float64Array;
  brandAffinity: Float64Array;
  /** How much of the other department the customer looks at (gifts), as a logit. */
  otherDepartment: number;
  createdDay: number;
  leavesDay: number;
}

/** Price levels come in three segments; people move little within theirs. */
const PRICE_SEGMENTS = [
  { name: 'low', share: 0.42, level: Math.log(0.55), spread: 0.1 },
  { name: 'middle', share: 0.38, level: Math.log(1.05), spread: 0.12 },
  { name: 'high', share: 0.2, level: Math.log(2.4), spread: 0.14 },
] as const;
/** Deviation, in log price, that costs half a logit. */
const PRICE_TOLERANCE = 0.32;
const STYLE_WEIGHT = 0.55;
const TASTE_NOISE = 0.45;

export function createFashionCustomer(
  profile: FashionProfile,
  seed: number,
  index: number,
  own: { gender: string; createdDay: number; leavesDay: number },
): FashionCustomer {
  const random = new SeededRandom(seed, Stream.taste, index);
  const visitRate = (drawGamma(random, 1.6, profile.sessionsPerYear / 1.6) * profile.activity) / 365;
  const segment = PRICE_SEGMENTS[segmentIndex(random.next())]!;
  const favourite = random.below(STYLE_COUNT);
  const second = random.below(STYLE_COUNT);
  return {
    index,
    ...own,
    visitRate: Math.min(0.9, visitRate),
    logPriceLevel: drawNormal(random, segment.level, segment.spread),
    style: Float64Array.from({ length: STYLE_COUNT }, (_, factor) =>
      drawNormal(random, (factor === favourite ? 1.5 : -0.3) + (factor === second ? 0.6 : 0), 0.3),
    ),
    categoryTaste: Float64Array.from(FASHION_CATEGORIES, () => Math.log(drawGamma(random, 1.5) + 0.15)),
    brandAffinity: Float64Array.from(FASHION_BRANDS, () => drawNormal(random, 0, 0.5)),
    otherDepartment: drawNormal(random, -3.4, 0.8),
  };
}

function segmentIndex(uniform: number): number {
  if (uniform < PRICE_SEGMENTS[0].share) return 0;
  return uniform < PRICE_SEGMENTS[0].share + PRICE_SEGMENTS[1].share ? 1 : 2;
}

export function priceSegmentOf(customer: FashionCustomer): string {
  const bounds = [Math.log(0.78), Math.log(1.6)];
  return PRICE_SEGMENTS[customer.logPriceLevel < bounds[0]! ? 0 : customer.logPriceLevel < bounds[1]! ? 1 : 2]
    .name;
}

function departmentLogit(customer: FashionCustomer, article: Article): number {
  if (customer.gender === 'unknown') return 0;
  const own = customer.gender === 'female' ? 'women' : 'men';
  return article.department === own ? 0 : customer.otherDepartment;
}

/** The customer's logit for an article on a day; -Infinity if it is not on sale. */
export function articleLogit(
  seed: number,
  customer: FashionCustomer,
  collection: Collection,
  article: Article,
  day: number,
): number {
  if (!isOnSale(article, day)) return -Infinity;
  // The ratio was taken at the price level of the collection's start: a customer's range moves with the prices.
  const logRatio = day >= collection.saleDay ? article.logSalePriceRatio : article.logPriceRatio;
  const gap = (logRatio - customer.logPriceLevel) / PRICE_TOLERANCE;
  let match = 0;
  for (let factor = 0; factor < STYLE_COUNT; factor++)
    match += customer.style[factor]! * article.style[factor]!;
  // What has just arrived stands in the window for two weeks.
  const fresh = day - article.availableFromDay < 14 ? 0.35 : 0;
  return (
    article.logAppeal +
    fresh +
    STYLE_WEIGHT * match +
    customer.categoryTaste[article.category]! +
    customer.brandAffinity[article.brand]! +
    departmentLogit(customer, article) +
    TASTE_NOISE * noiseOfKeys(seed, Stream.affinity, customer.index, article.key) -
    // Far outside the customer's range nothing gets worse any more: two tolerances and a half are already "never".
    0.5 * Math.min(gap * gap, 20)
  );
}

/** The logits of a whole collection, in the order of its articles. */
export function collectionLogits(
  seed: number,
  customer: FashionCustomer,
  collection: Collection,
  day: number,
): Float64Array {
  const { articles } = collection;
  const logits = new Float64Array(articles.length);
  for (let i = 0; i < articles.length; i++)
    logits[i] = articleLogit(seed, customer, collection, articles[i]!, day);
  return logits;
}
