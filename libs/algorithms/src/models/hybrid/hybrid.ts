import { AlgorithmRangeError } from '../../errors.js';
import type { Algorithm, FitContext, Model, ParameterDescription } from '../algorithm.js';
import { itemCf, openItemCf } from '../item-cf/item-cf.js';
import type { ItemCfParams } from '../item-cf/item-cf-parameters.js';
import { ials, openIals } from '../ials/ials.js';
import type { IalsParams } from '../ials/ials-parameters.js';
import type { ModelFile } from '../model-file.js';
import { readModelFile, writeModelFile } from '../model-file.js';
import { defaultsOf, refuseUnknownKeys, requireObject, validateParameters } from '../parameters.js';
import type { PopularityParams } from '../popularity/popularity.js';
import { openPopularity, popularity } from '../popularity/popularity.js';
import { HYBRID_NAME, HYBRID_PARTS, HybridModel } from './hybrid-model.js';

export interface HybridParams {
  readonly weightIals: number;
  readonly weightItemCf: number;
  readonly weightPopularity: number;
  readonly ials: IalsParams;
  readonly itemCf: ItemCfParams;
  readonly popularity: PopularityParams;
}

type HybridWeights = Pick<HybridParams, 'weightIals' | 'weightItemCf' | 'weightPopularity'>;

const WEIGHTS: readonly ParameterDescription[] = [
  { name: 'weightIals', type: 'number', default: 0.4, min: 0, max: 1, doc: 'Weight of implicit ALS.' },
  {
    name: 'weightItemCf',
    type: 'number',
    default: 0.4,
    min: 0,
    max: 1,
    doc: 'Weight of item-item co-purchase.',
  },
  {
    name: 'weightPopularity',
    type: 'number',
    default: 0.2,
    min: 0,
    max: 1,
    doc: 'Weight of decayed popularity.',
  },
];

function prefixed(prefix: string, descriptions: readonly ParameterDescription[]): ParameterDescription[] {
  return descriptions.map((description) => ({ ...description, name: `${prefix}.${description.name}` }));
}

function validateHybrid(params: unknown): HybridParams {
  const given = requireObject(params, 'params');
  refuseUnknownKeys(given, [...WEIGHTS.map(({ name }) => name), 'ials', 'itemCf', 'popularity']);
  const { ials: ialsPart = {}, itemCf: itemCfPart = {}, popularity: popularityPart = {}, ...weights } = given;
  const valid = validateParameters<HybridWeights>(WEIGHTS, weights);
  if (valid.weightIals + valid.weightItemCf + valid.weightPopularity === 0) {
    throw new AlgorithmRangeError('PARAMETER_INVALID', 'weightPopularity', 'all three weights are 0');
  }
  return {
    ...valid,
    ials: validateParameters<IalsParams>(ials.parameters, ialsPart, 'ials.'),
    itemCf: validateParameters<ItemCfParams>(itemCf.parameters, itemCfPart, 'itemCf.'),
    popularity: validateParameters<PopularityParams>(popularity.parameters, popularityPart, 'popularity.'),
  };
}

/** Reads the embedded parts; the outer checksum has covered their bytes already. */
function openPart(bytes: Uint8Array): Model {
  const file = readModelFile(bytes, false);
  if (file.algorithm === ials.name) return openIals(file);
  return file.algorithm === itemCf.name ? openItemCf(file) : openPopularity(file);
}

export function openHybrid(file: ModelFile): Model {
  return new HybridModel(file, openPart);
}

/** Parts of a hybrid that have been fitted already. */
export interface HybridParts {
  readonly ials: Model;
  readonly itemCf: Model;
  readonly popularity: Model;
}

/**
 * The hybrid of parts fitted before: the same bytes as `hybrid.fit` gives for the same data, parameters and seed, without
 * fitting the parts a second time. The parts' own parameters are taken over; only the weights are read from `params`.
 * @throws AlgorithmRangeError PARAMETER_INVALID, SHAPE_MISMATCH when a part is of another algorithm or product space
 */
export function combineIntoHybrid(parts: HybridParts, params: Partial<HybridWeights> = {}): Model {
  const { weightIals, weightItemCf, weightPopularity } = params;
  const members = [parts.ials, parts.itemCf, parts.popularity];
  const { productCount } = parts.ials;
  members.forEach((model, c) => {
    if (model.algorithm !== HYBRID_PARTS[c] || model.productCount !== productCount) {
      throw new AlgorithmRangeError(
        'SHAPE_MISMATCH',
        HYBRID_PARTS[c],
        `${model.algorithm}, ${model.productCount} products`,
      );
    }
  });
  const valid = validateHybrid({
    weightIals,
    weightItemCf,
    weightPopularity,
    ials: parts.ials.params,
    itemCf: parts.itemCf.params,
    popularity: parts.popularity.params,
  });
  const weights = Float64Array.of(valid.weightIals, valid.weightItemCf, valid.weightPopularity);
  const arrays = Object.fromEntries(
    members.map((model, c) => [HYBRID_PARTS[c] as string, model.serialize()]),
  );
  const bytes = writeModelFile(HYBRID_NAME, valid, productCount, { weights, ...arrays });
  return openHybrid(readModelFile(bytes, false));
}

/** The parts are the work of: ials about 6, item-cf about 3, popularity about 1 in 10. */
function progressOf(context: FitContext, from: number, to: number): FitContext {
  return { ...context, onProgress: (share) => context.onProgress?.(from + share * (to - from)) };
}

/** Weighted hybrid, by default 40 % implicit ALS, 40 % item-item CF, 20 % popularity; formula in `HybridModel`. */
export const hybrid: Algorithm<HybridParams> = {
  name: HYBRID_NAME,
  parameters: [
    ...WEIGHTS,
    ...prefixed('ials', ials.parameters),
    ...prefixed('itemCf', itemCf.parameters),
    ...prefixed('popularity', popularity.parameters),
  ],
  defaults: {
    ...defaultsOf<HybridWeights>(WEIGHTS),
    ials: ials.defaults,
    itemCf: itemCf.defaults,
    popularity: popularity.defaults,
  },
  validate: validateHybrid,
  estimateMemoryBytes(shape, params) {
    // Parts are fitted one after the other, but all of them stay, and the file holds each a second time.
    const parts = [
      ials.estimateMemoryBytes(shape, params.ials),
      itemCf.estimateMemoryBytes(shape, params.itemCf),
      popularity.estimateMemoryBytes(shape, params.popularity),
    ];
    return 2 * parts.reduce((sum, bytes) => sum + bytes, 0);
  },
  async fit(data, params, context) {
    const valid = validateHybrid(params);
    const parts = {
      ials: await ials.fit(data, valid.ials, progressOf(context, 0, 0.6)),
      itemCf: await itemCf.fit(data, valid.itemCf, progressOf(context, 0.6, 0.9)),
      popularity: await popularity.fit(data, valid.popularity, progressOf(context, 0.9, 1)),
    };
    return combineIntoHybrid(parts, valid);
  },
};
