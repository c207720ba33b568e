import type { Executor } from '../parallel/executor.js';
import type { EventColumns } from './event-columns.js';
import type { PairTargets } from './pair-targets.js';
import { buildTargets, emptyPairs } from './pair-targets.js';
import type { StrengthParams } from './preference-strength.js';
import { preferenceStrengths } from './preference-strength.js';
import type { SplitOptions } from './split-events.js';
import { Part, splitEvents } from './split-events.js';
import type { TrainingSet, TrainingSetOptions } from './training-set.js';
import { buildTrainingSet, validateEvents } from './training-set.js';

export interface PrepareOptions {
  readonly strength: StrengthParams;
  /** undefined: everything trains and the target lists are empty. */
  readonly split: SplitOptions | undefined;
  readonly trainingSet: Omit<TrainingSetOptions, 'includeParts'>;
}

export interface PreparedDataset {
  /** Of the train part alone. */
  readonly training: TrainingSet;
  readonly strengths: Float32Array;
  readonly parts: Uint8Array | undefined;
  readonly calibrationTargets: PairTargets;
  readonly holdoutTargets: PairTargets;
}

export interface PrepareTask {
  readonly events: EventColumns;
  readonly options: PrepareOptions;
}

/** The task behind `prepareDataset`. */
export function runPrepareDataset({ events, options }: PrepareTask): PreparedDataset {
  validateEvents(events);
  const strengths = preferenceStrengths(events, options.strength);
  const parts = options.split && splitEvents(events, options.split);
  const training = buildTrainingSet(events, strengths, parts, {
    ...options.trainingSet,
    includeParts: [Part.train],
  });
  const targets = (part: Part) => (parts ? buildTargets(events, strengths, parts, part) : emptyPairs());
  return {
    training,
    strengths,
    parts,
    calibrationTargets: targets(Part.calibration),
    holdoutTargets: targets(Part.holdout),
  };
}

/**
 * Strengths, split, training set and targets in one task, off the calling thread.
 * @throws AlgorithmRangeError PARAMETER_INVALID, INDEX_OUT_OF_RANGE
 */
export async function prepareDataset(
  events: EventColumns,
  options: PrepareOptions,
  executor: Executor,
): Promise<PreparedDataset> {
  const [prepared] = await executor.map('prepare-dataset', [{ events, options }]);
  return prepared;
}
