/**
 * Algorithms: pure numerics behind the nightly recommender. No framework, no I/O.
 */
export * from './errors.js';
export * from './dataset/event-columns.js';
export * from './dataset/csr.js';
export type { TrainingSet } from './dataset/training-set.js';
export * from './parallel/shared-arrays.js';
export * from './parallel/executor.js';
export * from './models/algorithm.js';

// ---- Signatures announced first; each is replaced by its module's export as it lands. ----
import type { EventColumns } from './dataset/event-columns.js';
import type { Csr } from './dataset/csr.js';
import type { TrainingSet } from './dataset/training-set.js';
import type { Executor } from './parallel/executor.js';
import type { Algorithm, Model } from './models/algorithm.js';

export declare function hashEvent(seed: number, customerId: string, productId: string, eventId: string): number;

export interface StrengthParams {
  viewWeight: number; searchWeight: number; clickWeight: number; cartWeight: number; acceptedWeight: number; rejectedWeight: number;
  /** Share of the price ratio; the quantity ratio has the rest. */
  priceShare: number;
  ratioFloor: number; ratioCap: number; ratingMin: number; ratingMax: number;
}
export declare const strengthDefaults: Readonly<StrengthParams>;
export declare function preferenceStrengths(events: EventColumns, params?: StrengthParams): Float32Array<SharedArrayBuffer>;

export declare const Part: { readonly train: 0; readonly calibration: 1; readonly holdout: 2 };
export interface SplitOptions { holdoutShare: number; calibrationShare: number; windowStartSeconds: number }
export declare function splitEvents(events: EventColumns, options: SplitOptions): Uint8Array<SharedArrayBuffer>;

export interface TrainingSetOptions {
  nowSeconds: number; halfLifeDays: number;
  /** Half-life of `popularity` alone; default `halfLifeDays`. */
  popularityHalfLifeDays?: number;
  /** Parts whose events are used; all when `parts` is undefined. */
  includeParts?: readonly number[];
}
export declare function buildTrainingSet(events: EventColumns, strengths: Float32Array, parts: Uint8Array | undefined, options: TrainingSetOptions): TrainingSet;

export interface PairTargets { readonly customer: Int32Array; readonly product: Int32Array; readonly strength: Float32Array }
export declare function buildTargets(events: EventColumns, strengths: Float32Array, parts: Uint8Array, part: number): PairTargets;
export declare function sampleNegatives(targets: PairTargets, seen: Csr, perPositive: number, seed: number, allowed?: Uint8Array): PairTargets;

export interface PrepareOptions {
  strength: StrengthParams;
  /** undefined: everything is training data and the target lists are empty. */
  split: SplitOptions | undefined;
  trainingSet: Omit<TrainingSetOptions, 'includeParts'>;
}
export interface PreparedDataset {
  training: TrainingSet; parts: Uint8Array; strengths: Float32Array; calibrationTargets: PairTargets; holdoutTargets: PairTargets;
}
/** The dataset functions above in one task, off the calling thread. */
export declare function prepareDataset(events: EventColumns, options: PrepareOptions, executor: Executor): Promise<PreparedDataset>;

export type AlgorithmName = 'popularity' | 'item-cf' | 'ials' | 'hybrid';
export interface PopularityParams { exponent: number }
export interface ItemCfParams { neighbours: number; shrinkage: number; orderWeight: number; valueExponent: number; rowLengthExponent: number; maxRowLength: number }
export interface IalsParams { factors: number; sweeps: number; regularisation: number; frequencyExponent: number; unobservedWeight: number; confidenceScale: number; initialScale: number }
export interface HybridParams { weightIals: number; weightItemCf: number; weightPopularity: number; ials: IalsParams; itemCf: ItemCfParams; popularity: PopularityParams }
export declare const algorithms: { readonly popularity: Algorithm<PopularityParams>; readonly 'item-cf': Algorithm<ItemCfParams>; readonly ials: Algorithm<IalsParams>; readonly hybrid: Algorithm<HybridParams> };
/** @throws AlgorithmRangeError ALGORITHM_UNKNOWN */
export declare function algorithmNamed(name: string): Algorithm<object>;
/** The hybrid of parts fitted already: same bytes as `algorithms.hybrid.fit` with the same data, parameters and seed. */
export declare function combineIntoHybrid(parts: { ials: Model; itemCf: Model; popularity: Model }, params: HybridParams): Model;
/** @throws ModelFormatError MODEL_CORRUPT, MODEL_VERSION_UNKNOWN, ALGORITHM_UNKNOWN */
export declare function loadModel(bytes: Uint8Array): Model;

/** History in model product indices, products unknown to the model dropped. */
export declare function translateHistory(products: Int32Array, values: Float32Array, datasetToModel: Int32Array): { products: Int32Array; values: Float32Array };
/** Dataset index -> model index (-1 unknown) from model index -> dataset index (-1 gone). */
export declare function invertProductMap(productMap: Int32Array, datasetProductCount: number): Int32Array;

export interface RankRequest {
  model: Uint8Array;
  /** customers × dataset products */
  histories: Csr;
  count: number;
  excludeSeen: boolean;
  /** Per dataset product; 0 = retired, never ranked. */
  allowed: Uint8Array;
  /** Model index -> dataset index, -1 gone; identity when absent. */
  productMap?: Int32Array;
  executor: Executor;
  onProgress?: (share: number) => void;
}
export interface RankedLists {
  readonly rows: number; readonly count: number;
  /** rows × count dataset product indices, -1 padded. */
  readonly products: Int32Array; readonly scores: Float32Array;
  /** Index into `sourceNames` of the component that contributes most. */
  readonly sources: Uint8Array; readonly sourceNames: readonly string[];
}
export declare function rankCustomers(request: RankRequest): Promise<RankedLists>;

/** Monotone piecewise linear map from score to preference strength; plain JSON. */
export interface Calibration { kind: 'isotonic' | 'affine'; scores: number[]; values: number[] }
export declare function fitCalibration(scores: Float64Array, targets: Float64Array): Calibration;
export declare function applyCalibration(calibration: Calibration, score: number): number;
export interface CalibrateRequest { model: Uint8Array; histories: Csr; targets: PairTargets; negatives: PairTargets; productMap?: Int32Array; executor: Executor }
export declare function calibrateModel(request: CalibrateRequest): Promise<Calibration>;

/** Keys: rmse, mae, and precision, recall, ndcg (binary), gradedNdcg, mrr, map, hit, coverage as `name@k`. */
export type Metrics = Record<string, number>;
export interface EvaluateRequest extends CalibrateRequest {
  calibration: Calibration; allowed: Uint8Array; excludeSeen: boolean; ks?: readonly number[];
  /** Segment id per customer. */
  segmentOfCustomer?: Uint8Array;
}
export interface PerCustomer { customer: Int32Array; squaredErrorSum: Float64Array; absoluteErrorSum: Float64Array; rows: Int32Array; ndcg10: Float64Array }
export interface Evaluation {
  metrics: Metrics; rows: number; queries: number;
  bySegment: Record<number, { metrics: Metrics; rows: number; queries: number }>;
  /** Ascending customers; ndcg10 is NaN where the query is empty. */
  perCustomer: PerCustomer;
  /** Per dataset product: in how many of the evaluated lists (longest k) it stands. */
  recommendedProducts: Int32Array;
}
export declare function evaluateModel(request: EvaluateRequest): Promise<Evaluation>;

export interface BootstrapOptions { resamples: number; seed: number; confidence: number; executor: Executor }
export interface Interval { difference: number; low: number; high: number }
export interface PairedComparison { customers: number; rmse: Interval; ndcg10: Interval }
/** Differences are b minus a (challenger minus champion): RMSE better below 0, NDCG better above 0. */
export declare function pairedBootstrap(a: PerCustomer, b: PerCustomer, options: BootstrapOptions): Promise<PairedComparison>;

export declare function normalQuantile(probability: number): number;
export interface RandomSource { nextUint32(): number; nextFloat(): number; nextInt(bound: number): number; nextGaussian(): number }
export declare function createRandom(seed: number, ...stream: number[]): RandomSource;
export declare function mean(values: ArrayLike<number>): number;
export declare function quantile(sorted: ArrayLike<number>, probability: number): number;
