import {
  calibrateModel,
  evaluateModel,
  sampleNegatives,
  type Calibration,
  type Evaluation,
  type PairTargets,
} from '#libs/algorithms';
import type { NightContext } from '../night-context.js';
import type { Snapshot } from '../snapshot/snapshot.js';
import type { Prepared } from './prepare.stage.js';
import type { ModelPackage } from './train.stage.js';

/** The rows of a night on which every model is scored: the same for all of them. */
export interface ScoringRows {
  readonly calibration: { readonly targets: PairTargets; readonly negatives: PairTargets };
  readonly holdout: { readonly targets: PairTargets; readonly negatives: PairTargets };
  readonly allowed: Uint8Array;
}

export interface Scored {
  readonly calibration: Calibration;
  /** On the calibration part: what the challenger is chosen by, so that the holdout stays fresh for the verdict. */
  readonly selection: Evaluation;
  readonly holdout: Evaluation;
}

export function scoringRows(
  { template }: Pick<NightContext, 'template'>,
  prepared: Prepared,
  snapshot: Pick<Snapshot, 'retired'>,
): ScoringRows {
  const { calibrationTargets, holdoutTargets } = prepared.dataset;
  // Known from any part: a pair that is held out elsewhere is no negative either.
  const allowed = Uint8Array.from(snapshot.retired, (retired) => 1 - retired);
  const withNegatives = (targets: PairTargets, stream: number) => ({
    targets,
    negatives: sampleNegatives(
      targets,
      prepared.histories,
      template.negativesPerPositive,
      template.seed + stream,
      allowed,
    ),
  });
  return {
    calibration: withNegatives(calibrationTargets, 1),
    holdout: withNegatives(holdoutTargets, 2),
    allowed,
  };
}

/**
 * Scores one model. Champion and challenger are calibrated on the same rows, which neither was trained on: an older map would
 * charge the champion for a scale that has drifted.
 */
export async function scoreModel(
  context: Pick<NightContext, 'template' | 'executor'>,
  prepared: Prepared,
  snapshot: Pick<Snapshot, 'productIds'>,
  rows: ScoringRows,
  modelPackage: Pick<ModelPackage, 'model' | 'productIds'>,
): Promise<Scored> {
  const shared = {
    model: modelPackage.model,
    histories: prepared.dataset.training.byCustomer,
    productMap: productMapOf(modelPackage, snapshot),
    executor: context.executor,
  };
  const calibration = await calibrateModel({ ...shared, ...rows.calibration });
  const ranking = {
    ...shared,
    calibration,
    allowed: rows.allowed,
    excluded: context.template.repeatPurchases ? undefined : prepared.purchasedInTraining,
    segmentOfCustomer: prepared.segmentOfCustomer,
  };
  const selection = await evaluateModel({ ...ranking, ...rows.calibration });
  const holdout = await evaluateModel({ ...ranking, ...rows.holdout });
  return { calibration, selection, holdout };
}

/**
 * Model product index to tonight's, -1 for products that are gone; undefined where the two are the same. Compared by content:
 * a run that was taken over has read both anew, and must take the same way to its lists.
 */
export function productMapOf(
  { productIds }: Pick<ModelPackage, 'productIds'>,
  snapshot: Pick<Snapshot, 'productIds'>,
): Int32Array | undefined {
  if (areEqual(productIds, snapshot.productIds)) return undefined;
  const indexOf = new Map(snapshot.productIds.map((productId, index) => [productId, index]));
  const map = new Int32Array(new SharedArrayBuffer(4 * productIds.length));
  productIds.forEach((productId, index) => (map[index] = indexOf.get(productId) ?? -1));
  return map;
}

function areEqual(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((value, index) => value === others[index]);
}
