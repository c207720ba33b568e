import type { Csr } from '../dataset/csr.js';
import type { TrainingSet } from '../dataset/training-set.js';
import type { KernelVariant } from '../kernels/wasm/kernel-exports.js';
import type { Executor } from '../parallel/executor.js';

/** A hyper-parameter that is a number. */
export interface NumberDescription {
  /** Key in the parameters object; dotted for a component's parameter (`parts.ials.factors`). */
  readonly name: string;
  readonly type: 'integer' | 'number';
  readonly default: number;
  /** Inclusive bounds of what is legal. */
  readonly min: number;
  readonly max: number;
  /** Whether a search steps by differences (default) or by ratios; `log` needs bounds above 0. */
  readonly scale?: 'linear' | 'log';
  /** Bounds that a search keeps to where the legal range is too wide; equal bounds leave the parameter at its default. */
  readonly searchMin?: number;
  readonly searchMax?: number;
  readonly doc: string;
}

/** A hyper-parameter that is one of a few words. */
export interface ChoiceDescription {
  readonly name: string;
  readonly type: 'choice';
  readonly choices: readonly string[];
  readonly default: string;
  /** What a search tries; all choices if absent. */
  readonly searchChoices?: readonly string[];
  readonly doc: string;
}

/** One hyper-parameter, described well enough for a form, a search space and a validator. */
export type ParameterDescription = NumberDescription | ChoiceDescription;

/** What a memory estimate needs to know of the data. */
export interface DatasetShape {
  readonly customerCount: number;
  readonly productCount: number;
  /** Distinct (customer, product) pairs. */
  readonly pairCount: number;
  /** Distinct (order, product) lines. */
  readonly orderLineCount: number;
  /** Distinct terms and (product, term) entries of the products' attributes; absent: there are none. */
  readonly termCount?: number;
  readonly attributeEntryCount?: number;
}

export interface FitContext {
  /** Unsigned 32-bit; the same data, parameters and seed give the same bytes whatever the executor. */
  readonly seed: number;
  readonly executor: Executor;
  /** `strict` (the default) gives the same bytes on every machine; `relaxed` is faster where the processor allows it. */
  readonly variant?: KernelVariant;
  /** Called with the finished share of the work in (0, 1]. */
  readonly onProgress?: (share: number) => void;
}

/** A family of models: its hyper-parameters and how a model is learnt from a training set. */
export interface Algorithm<P extends object> {
  readonly name: string;
  readonly defaults: Readonly<P>;
  readonly parameters: readonly ParameterDescription[];
  /** Present: it learns the values themselves, as its models say of their scores. */
  readonly predictsValues?: true;
  /**
   * Complete parameters from a partial, untrusted object: absent ones take their default.
   * @throws AlgorithmRangeError PARAMETER_INVALID naming the field: unknown key, wrong type or out of range
   */
  validate(params: unknown): P;
  /** Upper estimate of the bytes that `fit` holds at once beyond the training set itself. */
  estimateMemoryBytes(shape: DatasetShape, params: P): number;
  fit(data: TrainingSet, params: P, context: FitContext): Promise<Model>;
}

/**
 * A fitted model. It is item-side only: it remembers no customer. Each customer is folded in from the history given,
 * so a frozen model ranks new customers, and last night's champion can be scored on tonight's data.
 */
export interface Model {
  readonly algorithm: string;
  /** Complete validated parameters that the model was fitted with. */
  readonly params: object;
  /** Size of the model's own product index space. */
  readonly productCount: number;
  /** Names of the parts of a score, in the order of `Scorer.explainInto`; a plain model has one, its own name. */
  readonly components: readonly string[];
  /** Present: scores are predictions on the scale of the pair values, so their error needs no calibration. */
  readonly predictsValues?: true;
  /** Model bytes over shared memory (see `loadModel`); no copy, do not write to them. */
  serialize(): Uint8Array<SharedArrayBuffer>;
  /** Present when the score is the product of two vectors. */
  readonly vectorModel?: VectorModel;
  /** A scorer owns scratch memory: one per thread, not re-entrant. */
  createScorer(): Scorer;
}

/** A model whose score is the product of two vectors: lists of all customers then need no score of each product. */
export interface VectorModel {
  /** Length of a vector, a multiple of 8. */
  readonly stride: number;
  /** products × stride. */
  readonly products: Float32Array;
  /**
   * Vectors of customers, rows × stride, from their histories (rows × model products, validated indices, values ≥ 0). The
   * scores agree with those of `Scorer` but for rounding.
   */
  foldIn(histories: Csr, executor: Executor): Promise<Float32Array>;
}

export interface Scorer {
  /**
   * Overwrites out[p] with the score of every model product p for the customer with this history. Larger is better; a
   * score of exactly 0 means that the model knows nothing for this product. Rows may come in any order; a product that
   * comes twice counts with the sum of its values.
   * @param out length productCount
   * @param historyProducts model product indices
   * @param historyValues pair values (as in `TrainingSet.byCustomer`), same length, ≥ 0
   * @throws AlgorithmRangeError INDEX_OUT_OF_RANGE, SHAPE_MISMATCH
   */
  scoreInto(out: Float32Array, historyProducts: Int32Array, historyValues: Float32Array): void;
  /**
   * Overwrites out[c] with the weighted share of component c in the score that the last `scoreInto` gave to `product`;
   * the shares sum to that score (up to float rounding).
   * @param out length components.length
   */
  explainInto(out: Float32Array, product: number): void;
}
