import { sharedFloat32 } from '../../parallel/shared-arrays.js';
import type { Algorithm, Model, ParameterDescription, Scorer } from '../algorithm.js';
import { canonicalHistory, requireLength } from '../canonical-history.js';
import type { ModelFile } from '../model-file.js';
import { readModelFile, writeModelFile } from '../model-file.js';
import { defaultsOf, validateParameters } from '../parameters.js';

export interface PopularityParams {
  /** Power that the decayed strength is raised to: below 1 narrows the gap between bestsellers and the rest. */
  readonly exponent: number;
}

const PARAMETERS: readonly ParameterDescription[] = [
  {
    name: 'exponent',
    type: 'number',
    default: 1,
    min: 0.1,
    max: 2,
    searchMin: 1,
    searchMax: 1,
    doc: 'Power of the decayed strength. Leaves the order alone, but narrows (below 1) the gaps that a hybrid sees.',
  },
];

const NAME = 'popularity';

/** Ranks every customer alike, by decayed strength. Memory: one float per product. */
class PopularityModel implements Model {
  readonly algorithm = NAME;
  readonly components = [NAME];
  readonly params: object;
  readonly productCount: number;
  private readonly scores: Float32Array;
  private readonly file: ModelFile;

  constructor(file: ModelFile) {
    this.file = file;
    this.params = file.params;
    this.productCount = file.productCount;
    this.scores = file.array('scores', 'f32', file.productCount);
  }

  serialize(): Uint8Array<SharedArrayBuffer> {
    return this.file.bytes;
  }

  createScorer(): Scorer {
    const { scores, productCount } = this;
    return {
      scoreInto(out, historyProducts, historyValues) {
        requireLength(out, productCount, 'out');
        // Refused as by every other model, although the history makes no difference here.
        canonicalHistory(historyProducts, historyValues, productCount);
        out.set(scores);
      },
      explainInto(out, product) {
        requireLength(out, 1, 'out');
        out[0] = scores[product];
      },
    };
  }
}

export function openPopularity(file: ModelFile): Model {
  return new PopularityModel(file);
}

/**
 * Time-decayed popularity: score = (Σ decayed strength)^exponent, the same for all customers. The decay itself is in
 * `TrainingSet.popularity`.
 */
export const popularity: Algorithm<PopularityParams> = {
  name: NAME,
  parameters: PARAMETERS,
  defaults: defaultsOf<PopularityParams>(PARAMETERS),
  validate: (params) => validateParameters<PopularityParams>(PARAMETERS, params),
  estimateMemoryBytes: ({ productCount }) => 8 * productCount,
  async fit(data, params, { onProgress }) {
    const valid = popularity.validate(params);
    const scores = sharedFloat32(data.productCount);
    for (let p = 0; p < data.productCount; p++) scores[p] = data.popularity[p] ** valid.exponent;
    const bytes = writeModelFile(NAME, valid, data.productCount, { scores });
    onProgress?.(1);
    return openPopularity(readModelFile(bytes, false));
  },
};
