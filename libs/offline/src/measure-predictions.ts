import {
  calibrateModel,
  evaluatePredictions,
  isErrorKind,
  pairsOf,
  scaleOf,
  splitByHash,
  trainingSetOfPairs,
  type Calibration,
  type PairTargets,
  type QueryValues,
} from '#libs/algorithms';
import type { OfflineDataset } from './load-dataset.js';
import type { Measurement } from './measurement.js';

/** Of the training pairs, what a calibration is fitted on. */
const CALIBRATION_SHARE = 0.1;

/**
 * The protocol `rmse`. A model that does not predict values is calibrated: the algorithm is fitted once more, without a
 * tenth of the training pairs, and its scores for those are mapped to their values. No test value is looked at.
 */
export async function measurePredictions(measurement: Measurement): Promise<QueryValues> {
  const { dataset, model, metrics, tools } = measurement;
  const { training, test } = dataset;
  const calibration = model.predictsValues === true ? undefined : await calibrate(measurement);
  const scale = { ...scaleOf(training.byCustomer), calibration };
  const pairs = pairsOf(test);
  const { customer, squared, absolute } = await evaluatePredictions(
    model,
    training.byCustomer,
    pairs,
    scale,
    tools.executor,
  );
  const values = new Map(
    metrics
      .filter(({ kind }) => isErrorKind(kind))
      .map(({ name, kind }) => [name, kind === 'rmse' ? squared : absolute] as const),
  );
  return { customer, values, totals: new Map() };
}

async function calibrate({ request, dataset, fit, tools }: Measurement): Promise<Calibration> {
  const pairs = pairsOf(dataset.training.byCustomer);
  const parts = splitByHash(
    { customers: pairs.customer, products: pairs.product },
    CALIBRATION_SHARE,
    request.seed,
  );
  const targets = select(pairs, parts, 1);
  const rest = select(pairs, parts, 0);
  if (targets.customer.length === 0 || rest.customer.length === 0) {
    const { mean } = scaleOf(dataset.training.byCustomer);
    return { kind: 'affine', scores: [0], values: [mean] };
  }
  tools.note('fitting once more, to calibrate the scores');
  const training = subset(dataset, rest);
  const model = await fit(training);
  return calibrateModel({
    model: model.serialize(),
    histories: training.byCustomer,
    targets,
    negatives: select(pairs, parts, 2),
    executor: tools.executor,
  });
}

function select({ customer, product, strength }: PairTargets, parts: Uint8Array, part: number): PairTargets {
  const isPart = (_: number, i: number) => parts[i] === part;
  return {
    customer: customer.filter(isPart),
    product: product.filter(isPart),
    strength: strength.filter(isPart),
  };
}

function subset(
  { training }: OfflineDataset,
  { customer, product, strength }: PairTargets,
): OfflineDataset['training'] {
  const { customerCount, productCount, attributes } = training;
  const pairs = { customerCount, productCount, customers: customer, products: product, values: strength };
  return { ...trainingSetOfPairs(pairs), attributes };
}
