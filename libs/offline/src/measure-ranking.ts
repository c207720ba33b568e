import { evaluateLists, evaluateRanks, rankCandidates, type QueryValues } from '#libs/algorithms';
import { queriesAgainst, queriesOf } from './query-candidates.js';
import { progressOf, type Measurement } from './measurement.js';

/** The protocols `topk` and `loo`. */
export async function measureRanking({
  request,
  metrics,
  dataset,
  model,
  tools,
}: Measurement): Promise<QueryValues> {
  const { training, test, allowed, negatives, ids } = dataset;
  const { executor } = tools;
  if (request.protocol === 'topk') {
    const onProgress = progressOf('ranking', tools);
    return evaluateLists({ model, training, test, metrics, allowed, executor, onProgress });
  }
  const queries =
    negatives === undefined || request.negatives === undefined
      ? queriesOf(test)
      : queriesAgainst(test, negatives, request.negatives, ids);
  const ranks = await rankCandidates(model, training.byCustomer, queries, executor);
  return evaluateRanks(queries.customer, ranks, metrics);
}
