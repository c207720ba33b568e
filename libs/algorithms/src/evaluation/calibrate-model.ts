import type { Csr } from '../dataset/csr.js';
import type { PairTargets } from '../dataset/pair-targets.js';
import { cutRows } from '../kernels/row-blocks.js';
import type { Model } from '../models/algorithm.js';
import { loadModel, openVerifiedModel } from '../models/registry.js';
import type { Executor } from '../parallel/executor.js';
import { sharedFloat64, sharedUint8 } from '../parallel/shared-arrays.js';
import type { RankingScope } from '../ranking/customer-ranker.js';
import { CustomerRanker, validateScope } from '../ranking/customer-ranker.js';
import type { Calibration } from './calibration.js';
import { fitCalibration } from './calibration.js';
import type { CustomerRows } from './customer-rows.js';
import { groupByCustomer } from './customer-rows.js';

const BLOCK_SCORES = 1e6;

export interface CalibrateRequest {
  /** Serialised model. */
  readonly model: Uint8Array;
  /** customers × dataset products, of the train part. */
  readonly histories: Csr;
  /** Pairs of the calibration part. */
  readonly targets: PairTargets;
  readonly negatives: PairTargets;
  /** Model index → dataset index, -1 = gone; identity when absent. */
  readonly productMap?: Int32Array;
  readonly executor: Executor;
}

export interface ScorePairsTask {
  readonly model: Uint8Array;
  readonly scope: RankingScope;
  readonly rows: CustomerRows;
  /** Written: the raw score of each row, NaN where the model does not know the product. */
  readonly targetScores: Float64Array;
  readonly negativeScores: Float64Array;
  /** Range of `rows.customer`. */
  readonly start: number;
  readonly end: number;
}

/** Scores the pairs of customers start … end - 1. */
export function runScorePairs({
  model,
  scope,
  rows,
  targetScores,
  negativeScores,
  start,
  end,
}: ScorePairsTask): null {
  const ranker = new CustomerRanker(openVerifiedModel(model), scope);
  for (let q = start; q < end; q++) {
    ranker.scoreCustomer(rows.customer[q]);
    for (let i = rows.targetOffsets[q]; i < rows.targetOffsets[q + 1]; i++) {
      targetScores[i] = ranker.scoreOf(rows.targets.product[i]);
    }
    for (let i = rows.negativeOffsets[q]; i < rows.negativeOffsets[q + 1]; i++) {
      negativeScores[i] = ranker.scoreOf(rows.negatives.product[i]);
    }
  }
  return null;
}

/**
 * The raw score of each target and negative, NaN where the model does not know the product.
 * @param model of `request.model`
 * @throws AlgorithmRangeError SHAPE_MISMATCH, INDEX_OUT_OF_RANGE, PARAMETER_INVALID
 */
export async function scorePairs(
  { histories, targets, negatives, productMap, executor }: Omit<CalibrateRequest, 'model'>,
  model: Model,
): Promise<Pick<ScorePairsTask, 'targetScores' | 'negativeScores'>> {
  // Nothing is ranked here, so what may be ranked is left empty.
  const scope = { histories, allowed: sharedUint8(histories.columns), productMap };
  validateScope(model, scope);
  const rows = groupByCustomer(targets, negatives, histories);
  const targetScores = sharedFloat64(targets.customer.length);
  const negativeScores = sharedFloat64(negatives.customer.length);
  const shared = { model: model.serialize(), scope, rows, targetScores, negativeScores };
  const blocks = cutRows(rows.customer.length, () => model.productCount + 1, BLOCK_SCORES);
  await executor.map(
    'score-pairs',
    blocks.map((block) => ({ ...shared, ...block })),
  );
  return { targetScores, negativeScores };
}

/**
 * Maps a model's scores to preference strength: positives of the calibration part at their strength, sampled negatives
 * at 0 (ADR 2). Pairs whose product the model does not know are left out.
 * @throws AlgorithmRangeError SHAPE_MISMATCH, INDEX_OUT_OF_RANGE, PARAMETER_INVALID; ModelFormatError
 */
export async function calibrateModel(request: CalibrateRequest): Promise<Calibration> {
  const { targets, negatives } = request;
  const { targetScores, negativeScores } = await scorePairs(request, loadModel(request.model));
  const scores = [...targetScores, ...negativeScores];
  const strengths = [...targets.strength, ...negatives.strength];
  const known = scores.map((_, i) => i).filter((i) => !Number.isNaN(scores[i]));
  return fitCalibration(
    Float64Array.from(known, (i) => scores[i]),
    Float64Array.from(known, (i) => strengths[i]),
  );
}
