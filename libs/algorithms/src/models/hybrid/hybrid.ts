import { AlgorithmRangeError } from '../../errors.js';
import type { TrainingSet } from '../../dataset/training-set.js';
import type { Algorithm, FitContext, Model } from '../algorithm.js';
import type { ModelFile } from '../model-file.js';
import { readModelFile, writeModelFile } from '../model-file.js';
import { HYBRID_NAME, HybridModel } from './hybrid-model.js';
import type { HybridMembers, HybridParams, HybridPartParams } from './hybrid-parameters.js';
import { DEFAULT_WEIGHTS, describeHybrid, ownParams, validateHybrid } from './hybrid-parameters.js';
import { learnWeights } from './learn-weights.js';
import type { Normalisation } from './score-normalisation.js';

export interface CombineOptions {
  /** By algorithm; the template's 40/40/20 if absent. */
  readonly weights?: Readonly<Record<string, number>>;
  readonly normalisation?: Normalisation;
}

/** What the registry makes of the hybrid once it knows what there is to combine. */
export interface HybridFamily {
  readonly algorithm: Algorithm<HybridParams>;
  readonly open: (file: ModelFile) => Model;
  /**
   * The hybrid of models fitted before: the same bytes as `fit` gives for the same data, parameters and seed, without
   * fitting the parts a second time. The parts' own parameters are taken over.
   * @throws AlgorithmRangeError PARAMETER_INVALID, SHAPE_MISMATCH when the parts' product spaces differ
   */
  readonly combine: (parts: readonly Model[], options?: CombineOptions) => Model;
}

function requireOneProductSpace(parts: readonly Model[]): void {
  for (const { algorithm, productCount } of parts) {
    if (productCount !== parts[0].productCount)
      throw new AlgorithmRangeError(
        'SHAPE_MISMATCH',
        algorithm,
        `${productCount} products, ${parts[0].algorithm} has ${parts[0].productCount}`,
      );
  }
}

/** Fits each part on all of the data, one after the other; `report` gets the share of parts that are done. */
async function fitParts(
  data: TrainingSet,
  params: HybridParams,
  members: HybridMembers,
  context: FitContext,
  report: (share: number) => void,
): Promise<Model[]> {
  const models: Model[] = [];
  const parts = Object.entries(params.parts);
  for (const [index, [name, part]] of parts.entries()) {
    const onProgress = (share: number) => report((index + share) / parts.length);
    models.push(await members[name].fit(data, ownParams(part), { ...context, onProgress }));
  }
  return models;
}

/** The same parameters with the weights that were learned. */
function withWeights(params: HybridParams, weights: Readonly<Record<string, number>>): HybridParams {
  const parts = Object.entries(params.parts).map(([name, part]): [string, HybridPartParams] => [
    name,
    { ...part, weight: weights[name] },
  ]);
  return { ...params, weighting: 'given', parts: Object.fromEntries(parts) };
}

function combineModels(
  parts: readonly Model[],
  { weights = DEFAULT_WEIGHTS, normalisation }: CombineOptions,
  members: HybridMembers,
  open: (file: ModelFile) => Model,
): Model {
  requireOneProductSpace(parts);
  const byName = Object.fromEntries(parts.map((model) => [model.algorithm, model]));
  const given = Object.entries(byName).map(([name, model]) => [
    name,
    { ...model.params, weight: weights[name] },
  ]);
  const params = validateHybrid({ normalisation, parts: Object.fromEntries(given) }, members);
  const arrays = Object.fromEntries(
    Object.keys(params.parts).map((name) => [name, byName[name].serialize()]),
  );
  const weightArray = Float64Array.from(Object.values(params.parts), ({ weight }) => weight);
  const { productCount } = parts[0];
  const bytes = writeModelFile(HYBRID_NAME, params, productCount, { weights: weightArray, ...arrays });
  return open(readModelFile(bytes, false));
}

/**
 * The weighted hybrid over `members`; formula and source in `HybridModel`, learning of weights in `learn-weights.ts`.
 * @param openPart reads a part's bytes, which the outer checksum has covered already
 */
export function createHybrid(members: HybridMembers, openPart: (bytes: Uint8Array) => Model): HybridFamily {
  const open = (file: ModelFile) => new HybridModel(file, openPart);
  const combine = (parts: readonly Model[], options: CombineOptions = {}) =>
    combineModels(parts, options, members, open);
  const validate = (params: unknown) => validateHybrid(params, members);
  const algorithm: Algorithm<HybridParams> = {
    name: HYBRID_NAME,
    parameters: describeHybrid(members),
    defaults: validate({}),
    validate,
    estimateMemoryBytes(shape, { parts }) {
      // Parts are fitted one after the other, but all of them stay, and the file holds each a second time.
      const bytes = Object.entries(parts).map(([name, part]) =>
        members[name].estimateMemoryBytes(shape, ownParams(part)),
      );
      return 2 * bytes.reduce((sum, one) => sum + one, 0);
    },
    async fit(data, params, context) {
      let valid = validate(params);
      const learns = valid.weighting === 'learned';
      const report = (from: number) => (share: number) =>
        context.onProgress?.(learns ? (from + share) / 2 : share);
      if (learns) {
        const fit = (part: TrainingSet, reported: HybridParams) =>
          fitParts(part, reported, members, context, report(0));
        valid = withWeights(valid, await learnWeights(data, valid, fit, context));
      }
      const models = await fitParts(data, valid, members, context, report(1));
      const weights = Object.entries(valid.parts).map(([name, { weight }]) => [name, weight] as const);
      const { normalisation } = valid;
      return combine(models, { weights: Object.fromEntries(weights), normalisation });
    },
  };
  return { algorithm, open, combine };
}
