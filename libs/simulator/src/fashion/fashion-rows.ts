import { startOfDay } from '../calendar.js';
import { hashKeys } from '../random/seeded-random.js';
import { Stream } from '../random/stream.js';
import type { SimulatedOffer, SimulatedProduct, SimulatedPromotion } from '../simulated-schema.js';
import { articleIdOf, END_OF_SEASON_DISCOUNT, type Article, type Collection } from './collections.js';
import {
  COLOURS,
  FABRICS,
  FASHION_BRANDS,
  FASHION_CATEGORIES,
  MODELS,
  STYLE_COUNT,
  STYLE_NAMES,
} from './fashion-ranges.js';

export function articleRow(
  seed: number,
  collection: Collection,
  article: Article,
  untilDay: number,
  utcOffsetMinutes: number,
): SimulatedProduct {
  const category = FASHION_CATEGORIES[article.category]!;
  const word = <T>(words: readonly T[], key: number): T =>
    words[hashKeys(seed, Stream.catalogue, article.key, key) % words.length]!;
  const [fabric, colour, model] = [word(FABRICS, 1), word(COLOURS, 2), word(MODELS, 3)];
  const style = STYLE_NAMES[leadingStyle(article)]!;
  const brand = FASHION_BRANDS[article.brand]!.name;
  return {
    productId: articleIdOf(article),
    name: `${brand} ${model} ${category.name} ${colour}`,
    category: category.name,
    brand,
    description: `${style} ${category.name.toLowerCase()} for ${article.department}, ${fabric.toLowerCase()}, ${colour.toLowerCase()}, ${collection.season} ${collection.year}`,
    price: article.price,
    attributes: {
      season: collection.season,
      year: collection.year,
      department: article.department,
      style,
      fabric,
      colour,
    },
    availableFrom: startOfDay(article.availableFromDay, utcOffsetMinutes),
    // The end is announced only once it is known: a world never tells of days after its own.
    ...(article.retiredDay <= untilDay
      ? { retiredAt: startOfDay(article.retiredDay, utcOffsetMinutes) }
      : {}),
  };
}

function leadingStyle(article: Article): number {
  let best = 0;
  for (let factor = 1; factor < STYLE_COUNT; factor++)
    if (article.style[factor]! > article.style[best]!) best = factor;
  return best;
}

/** The end-of-season sale of a collection as a promotion. */
export function saleRow(collection: Collection, utcOffsetMinutes: number): SimulatedPromotion {
  return {
    promotionId: `SALE-${collection.number}`,
    name: `End of season: ${collection.season} ${collection.year}`,
    productIds: collection.articles.map(articleIdOf),
    discountShare: END_OF_SEASON_DISCOUNT,
    validFrom: startOfDay(collection.saleDay, utcOffsetMinutes),
    validUntil: startOfDay(collection.endDay, utcOffsetMinutes),
  };
}

export function saleOfferRow(
  collection: Collection,
  article: Article,
  utcOffsetMinutes: number,
): SimulatedOffer {
  return {
    offerId: saleOfferIdOf(collection, article),
    productId: articleIdOf(article),
    name: `End of season, ${Math.round(END_OF_SEASON_DISCOUNT * 100)} % off`,
    price: article.salePrice,
    validFrom: startOfDay(collection.saleDay, utcOffsetMinutes),
    validUntil: startOfDay(article.retiredDay, utcOffsetMinutes),
  };
}

export function saleOfferIdOf(collection: Collection, article: Article): string {
  return `SALE-${collection.number}:${articleIdOf(article)}`;
}
