import type { CommercialFeatures, RankedLists } from '#libs/algorithms';
import { completeReranking } from '#libs/domain';
import { joinCandidates } from '#libs/pipeline';
import type { ProductColumns } from '#libs/serving';
import { measureVariant, meanOf, pairedDifference } from './measure-variant.ts';
import type { NextBasket } from './next-baskets.ts';

const SHARES = [0, 0.1, 0.25, 0.5];

/** What it brings or costs to take a share of the candidates from other sources than a single promoted model. */
export function measureSources(
  alone: Readonly<Record<'ials' | 'item-cf' | 'popularity', RankedLists>>,
  features: CommercialFeatures,
  columns: ProductColumns,
  baskets: readonly NextBasket[],
) {
  const variant = { name: 'default', settings: completeReranking() };
  const popular = alone.popularity.products.slice(0, alone.popularity.count);
  const ofNeighbours = (customer: number) => {
    const { products, count } = alone['item-cf'];
    return products.subarray(customer * count, (customer + 1) * count);
  };
  const others = {
    ials: [
      { name: 'item-cf', of: ofNeighbours },
      { name: 'popularity', of: () => popular },
    ],
    'item-cf': [{ name: 'popularity', of: () => popular }],
  };
  return (['ials', 'item-cf'] as const).flatMap((model) => {
    const outcomes = SHARES.map((share) => {
      const options = { share, productCount: columns.count, excluded: undefined };
      const joined = joinCandidates(alone[model], others[model], options);
      return { share, outcome: measureVariant(variant, joined, features, columns, baskets) };
    });
    return outcomes.map(({ share, outcome }) => {
      const row = {
        ...{ model, share, hitRate10: meanOf(outcome.hits), ndcg10: meanOf(outcome.ndcgs) },
        ndcg10Change: pairedDifference(outcome.ndcgs, outcomes[0].outcome.ndcgs),
        coverage: outcome.coverage,
      };
      const { difference, low, high } = row.ndcg10Change;
      process.stderr.write(
        `${model} with ${share} of others: hit ${row.hitRate10.toFixed(4)} ndcg ${row.ndcg10.toFixed(4)} ${difference.toFixed(4)} [${low.toFixed(4)}, ${high.toFixed(4)}] coverage ${row.coverage.toFixed(3)}\n`,
      );
      return row;
    });
  });
}
