import {
  algorithmNamed,
  isErrorKind,
  isListKind,
  parseMetric,
  type Algorithm,
  type Metric,
  type QueryValues,
} from '#libs/algorithms';
import { InvalidInputError } from '#libs/domain';
import type { EvaluationReport, EvaluationRequest } from './evaluation-request.js';
import { checkMemory, inMemory } from './fit-memory.js';
import { loadDataset, type OfflineDataset } from './load-dataset.js';
import { progressOf, type EvaluationTools, type Measurement } from './measurement.js';
import { measurePredictions } from './measure-predictions.js';
import { measureRanking } from './measure-ranking.js';
import { refuseArguments } from './refuse-arguments.js';
import { summariseAll } from './summarise-evaluation.js';
import { tuneParams } from './tune-params.js';

/**
 * Reads, fits, scores. Everything that can be refused without reading a file is refused first.
 * @throws InvalidInputError what the caller got wrong; NotEnoughMemoryError
 */
export async function runEvaluation(
  request: EvaluationRequest,
  tools: EvaluationTools,
): Promise<EvaluationReport> {
  const algorithm = refuseArguments(() => algorithmNamed(request.algorithm));
  const given = refuseArguments(() => algorithm.validate(request.params));
  const metrics = checkMetrics(request);
  noteUnused(request, tools.note);
  const dataset = await loadDataset(request, tools.note);
  checkDataset(request, dataset);
  const tuned = await tune(algorithm, request, metrics, dataset, tools);
  const params = tuned?.best ?? given;
  checkMemory(algorithm, params, dataset.training, tools);
  const onProgress = progressOf(`fitting ${algorithm.name}`, tools);
  const context = { seed: request.seed, executor: tools.executor, onProgress };
  const fit = (training: OfflineDataset['training']) =>
    inMemory(`Fitting ${algorithm.name}`, () => algorithm.fit(training, params, context));
  const fitting = startClock();
  const model = await fit(dataset.training);
  const fitSeconds = fitting();
  const scoring = startClock();
  const measurement: Measurement = { request, metrics, dataset, model, fit, tools };
  const values = await inMemory('Scoring', () => measure(measurement));
  const summary = await summariseAll(values, metrics, request.seed, dataset.segments, tools.executor);
  return {
    algorithm: algorithm.name,
    params: model.params,
    protocol: request.protocol,
    customers: dataset.ids.customers.size,
    products: dataset.ids.products.size,
    interactions: dataset.training.byCustomer.indices.length,
    ...summary,
    ...(tuned === undefined ? {} : { tuning: { objective: tuned.objective, trials: tuned.trials.length } }),
    fitSeconds,
    scoreSeconds: scoring(),
    seed: request.seed,
    threads: tools.executor.threads,
  };
}

/** On the training pairs alone, by the first of the metrics that tells better from worse. */
async function tune(
  algorithm: Algorithm<object>,
  { params, seed, tuneSeconds = 0 }: EvaluationRequest,
  metrics: readonly Metric[],
  { training }: OfflineDataset,
  tools: EvaluationTools,
) {
  if (tuneSeconds === 0) return undefined;
  const objective = metrics.find(({ kind }) => !isListKind(kind))?.name ?? 'ndcg@10';
  const options = { params, seed, objective, seconds: tuneSeconds };
  return { objective, ...(await tuneParams(algorithm, training, options, tools)) };
}

function measure(measurement: Measurement): Promise<QueryValues> {
  const { protocol } = measurement.request;
  return protocol === 'rmse' ? measurePredictions(measurement) : measureRanking(measurement);
}

/** @throws InvalidInputError unknownMetric, wrongMetric */
function checkMetrics({ metrics, protocol }: EvaluationRequest): Metric[] {
  const parsed = metrics.map((name) => refuseArguments(() => parseMetric(name)));
  if (parsed.length === 0) throw new InvalidInputError('unknownMetric', 'There is no metric to measure.');
  for (const { name, kind } of parsed) {
    const fits = protocol === 'rmse' ? isErrorKind(kind) : !isErrorKind(kind);
    if (fits && !(protocol === 'loo' && isListKind(kind))) continue;
    const message = `the protocol ${protocol} does not measure ${name}`;
    throw new InvalidInputError('wrongMetric', 'A metric does not go with the protocol.', [
      { field: 'metrics', code: 'wrongMetric', message },
    ]);
  }
  return parsed;
}

/** A file that another protocol would use is most likely a slip, but does no harm. */
function noteUnused({ protocol, negatives, candidates }: EvaluationRequest, note: (text: string) => void) {
  if (negatives !== undefined && protocol !== 'loo')
    note(`${negatives.name} is checked and not used: negatives are for loo, not ${protocol}`);
  if (candidates !== undefined && protocol !== 'topk')
    note(`${candidates.name} is checked and not used: candidates are for topk, not ${protocol}`);
}

/** @throws InvalidInputError emptyFile, valueMissing, productsMissing */
function checkDataset(
  { algorithm, protocol, train, test, products }: EvaluationRequest,
  { training, test: pairs, hasValues }: OfflineDataset,
): void {
  const empty = (name: string) =>
    new InvalidInputError('emptyFile', `${name} has no pair with a value above 0.`);
  if (training.byCustomer.indices.length === 0) throw empty(train.name);
  if (pairs.indices.length === 0) throw empty(test.name);
  // Alone it would know nothing about anything; a hybrid can do without it.
  if (algorithm === 'content' && products === undefined)
    throw new InvalidInputError('productsMissing', 'content needs --products: what the products are like.');
  if (protocol === 'rmse' && !hasValues)
    throw new InvalidInputError(
      'valueMissing',
      `${train.name} and ${test.name} do not both have values to predict.`,
    );
}

function startClock(): () => number {
  const start = performance.now();
  return () => Math.round(performance.now() - start) / 1000;
}
