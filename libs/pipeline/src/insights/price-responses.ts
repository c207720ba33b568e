import {
  ELASTICITY_CLASSES,
  ELASTICITY_STANDARD_ERRORS,
  quantile,
  type PriceElasticity,
} from '#libs/algorithms';
import type { CategoryPriceResponse, ElasticityCounts, ProductPriceResponse } from '#libs/serving';
import type { Snapshot } from '../snapshot/snapshot.js';

export type Labelled = Pick<Snapshot, 'productIds' | 'names' | 'categories'>;

const MOST_PRODUCTS = 20;
export const MOST_CATEGORIES = 50;

export function countClasses(classes: Iterable<number>): ElasticityCounts {
  const counts = { unknown: 0, sensitive: 0, neutral: 0, insensitive: 0 };
  for (const of of classes) counts[ELASTICITY_CLASSES[of]]++;
  return counts;
}

/** The products of one class, ordered by how strongly units follow the price. */
export function strongest(
  labelled: Labelled,
  elasticity: PriceElasticity,
  classOf: 'sensitive' | 'insensitive',
): ProductPriceResponse[] {
  const wanted = ELASTICITY_CLASSES.indexOf(classOf);
  const sign = classOf === 'sensitive' ? 1 : -1;
  return [...elasticity.classOfProduct.keys()]
    .filter((product) => elasticity.classOfProduct[product] === wanted)
    .sort((a, b) => sign * (elasticity.slope[a] - elasticity.slope[b]) || a - b)
    .slice(0, MOST_PRODUCTS)
    .map((product) => response(labelled, elasticity, product, classOf));
}

function response(
  { productIds, names, categories }: Labelled,
  { slope, error, weeks }: PriceElasticity,
  product: number,
  classOf: ProductPriceResponse['classOf'],
): ProductPriceResponse {
  const margin = ELASTICITY_STANDARD_ERRORS * error[product];
  return {
    ...{ productId: productIds[product], name: names[product], category: categories[product], classOf },
    ...{ slope: slope[product], low: slope[product] - margin, high: slope[product] + margin },
    weeks: weeks[product],
  };
}

/** Categories with the most products whose response is known first; none without any. */
export function categoryResponses(
  { categories }: Labelled,
  { slope, classOfProduct }: PriceElasticity,
): CategoryPriceResponse[] {
  const products = new Map<string, number[]>();
  categories.forEach((category, product) => {
    if (category !== null && category !== '')
      products.set(category, [...(products.get(category) ?? []), product]);
  });
  return [...products]
    .map(([category, of]) => {
      const slopes = Float64Array.from(of, (product) => slope[product])
        .filter((value) => !Number.isNaN(value))
        .sort();
      return {
        ...{ category, ...countClasses(of.map((product) => classOfProduct[product])), known: slopes.length },
        medianSlope: slopes.length === 0 ? null : quantile(slopes, 0.5),
      };
    })
    .filter(({ known }) => known > 0)
    .sort((a, b) => b.known - a.known || (a.category < b.category ? -1 : 1))
    .slice(0, MOST_CATEGORIES)
    .map(({ known: _known, ...rest }) => rest);
}
