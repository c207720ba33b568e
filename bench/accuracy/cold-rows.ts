import path from 'node:path';
import type { Algorithm } from '#libs/algorithms';
import { algorithms } from '#libs/algorithms';
import type { ColdAccuracy } from './cold-products.ts';
import { COLD_CONTENT_PARAMS, coldAccuracyOf, coldSplits } from './cold-products.ts';
import { readMovielensSmall } from './movielens-small.ts';

export const COLD_DATASET = 'ml-latest-small';
const SEEDS = [1, 2, 3];
const METRICS = ['hr@10', 'ndcg@10', 'recall@20'] as const;

/** A row of `bench:accuracy`. `fitSeconds`: a seed's five folds, scoring included. */
export interface ColdRow {
  readonly dataset: string;
  readonly model: string;
  readonly metric: string;
  readonly ours: number;
  /** What popularity reaches on the same rankings. */
  readonly bar: number;
  readonly published: null;
  readonly fitSeconds: number;
  readonly peakRssMb: number;
  readonly ok: boolean;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Means over three seeds of the accuracy on products with at most 3 ratings in train; protocol in `cold-products.ts`. */
export async function coldRows(data: string, say: (line: string) => void = () => {}): Promise<ColdRow[]> {
  const movies = readMovielensSmall(path.join(data, COLD_DATASET));
  const seedsOfSplits = SEEDS.map((seed) => coldSplits(movies, 'test', seed));
  const measure = async <P extends object>(algorithm: Algorithm<P>, params: Partial<P>) => {
    const startedAt = performance.now();
    const bySeed: ColdAccuracy[] = [];
    for (const splits of seedsOfSplits) bySeed.push(await coldAccuracyOf(algorithm, params, splits));
    for (const accuracy of bySeed) say(`${algorithm.name} ${JSON.stringify(accuracy)}`);
    const seconds = (performance.now() - startedAt) / 1000 / SEEDS.length;
    return { of: (metric: (typeof METRICS)[number]) => mean(bySeed.map((one) => one[metric])), seconds };
  };
  const popularity = await measure(algorithms.popularity, {});
  const content = await measure(algorithms.content, COLD_CONTENT_PARAMS);
  return METRICS.map((metric) => {
    const [ours, bar] = [content.of(metric), popularity.of(metric)];
    const peakRssMb = Math.round(process.resourceUsage().maxRSS / 1024);
    // Better than popularity, not as good.
    const ok = ours > bar;
    const of = { dataset: COLD_DATASET, model: 'content', metric };
    return { ...of, ours, bar, published: null, fitSeconds: content.seconds, peakRssMb, ok };
  });
}
