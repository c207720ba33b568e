/**
 * The numerics behind the nightly recommender: pure functions of typed arrays, no framework, no I/O.
 *
 * A night: `prepareDataset` → `algorithms[name].fit` for each part → `combineIntoHybrid` → `calibrateModel` →
 * `evaluateModel` (champion and challenger) → `pairedBootstrap` → `rankCustomers`.
 */
export * from './errors.js';
export { allocateEvents, InteractionKind } from './dataset/event-columns.js';
export type { EventColumns } from './dataset/event-columns.js';
export { emptyCsr, transpose } from './dataset/csr.js';
export type { Csr } from './dataset/csr.js';
export { selectRows } from './dataset/select-rows.js';
export { hashEvent } from './dataset/hash-event.js';
export { buildTargets, pairsOf, sampleNegatives } from './dataset/pair-targets.js';
export type { PairTargets } from './dataset/pair-targets.js';
export { preferenceStrengths, strengthDefaults } from './dataset/preference-strength.js';
export type { StrengthParams } from './dataset/preference-strength.js';
export { prepareDataset } from './dataset/prepare-dataset.js';
export type { PreparedDataset, PrepareOptions } from './dataset/prepare-dataset.js';
export { TermField } from './dataset/product-attributes.js';
export type { ProductAttributes } from './dataset/product-attributes.js';
export { ProductAttributesBuilder, wordsOf } from './dataset/product-attributes-builder.js';
export type { ProductDescription } from './dataset/product-attributes-builder.js';
export { Part, splitEvents } from './dataset/split-events.js';
export type { SplitOptions } from './dataset/split-events.js';
export { buildTrainingSet } from './dataset/training-set.js';
export type { TrainingSet, TrainingSetOptions } from './dataset/training-set.js';
export { trainingSetOfPairs } from './dataset/training-set-of-pairs.js';
export type { DuplicateRule, PairColumns } from './dataset/training-set-of-pairs.js';
export { InlineExecutor } from './parallel/executor.js';
export type { Executor } from './parallel/executor.js';
export * from './parallel/shared-arrays.js';
export { runTask } from './parallel/tasks.js';
export type { TaskInput, TaskName, TaskOutput, TaskTypes } from './parallel/tasks.js';
export type {
  Algorithm,
  ChoiceDescription,
  DatasetShape,
  FitContext,
  Model,
  NumberDescription,
  ParameterDescription,
  Scorer,
} from './models/algorithm.js';
export type { BprParams } from './models/bpr/bpr-parameters.js';
export { datasetShapeOf } from './models/dataset-shape.js';
export type { ContentParams } from './models/content/content-parameters.js';
export type { CombineOptions } from './models/hybrid/hybrid.js';
export type { HybridParams, HybridPartParams } from './models/hybrid/hybrid-parameters.js';
export type { EaseParams } from './models/ease/ease-parameters.js';
export type { IalsParams } from './models/ials/ials-parameters.js';
export type { ItemCfParams } from './models/item-cf/item-cf-parameters.js';
export type { Rp3BetaParams } from './models/rp3beta/rp3beta-parameters.js';
export type { SegmentedPopularityParams } from './models/segmented-popularity/segmented-popularity-parameters.js';
export type { UserCfParams } from './models/user-cf/user-cf-parameters.js';
export type { PopularityParams } from './models/popularity/popularity.js';
export type { RatingFactorParams } from './models/rating-factors/rating-factor-parameters.js';
export type { SlimParams } from './models/slim/slim-parameters.js';
export { algorithmNamed, algorithms, combineIntoHybrid, loadModel } from './models/registry.js';
export type { AlgorithmName } from './models/registry.js';
export { invertProductMap, translateHistory } from './ranking/product-map.js';
export { buildPurchases } from './dataset/purchases.js';
export { TopSelector } from './kernels/top-selector.js';
export { rankByVectors } from './ranking/rank-by-vectors.js';
export type { VectorLists, VectorRequest } from './ranking/rank-by-vectors.js';
export { rankCustomers } from './ranking/rank-customers.js';
export type { RankedLists, RankRequest } from './ranking/rank-customers.js';
export { applyCalibration, fitCalibration } from './evaluation/calibration.js';
export type { Calibration } from './evaluation/calibration.js';
export { calibrateModel } from './evaluation/calibrate-model.js';
export type { CalibrateRequest } from './evaluation/calibrate-model.js';
export { evaluateModel } from './evaluation/evaluate-model.js';
export type {
  EvaluateRequest,
  Evaluation,
  Metrics,
  PerCustomer,
  SegmentEvaluation,
} from './evaluation/evaluate-model.js';
export { bootstrapMeans, sumByCustomer } from './evaluation/bootstrap-means.js';
export type { CustomerSums, MeanInterval } from './evaluation/bootstrap-means.js';
export { evaluateLists } from './evaluation/evaluate-lists.js';
export type { EvaluateListsRequest } from './evaluation/evaluate-lists.js';
export { evaluatePredictions, scaleOf } from './evaluation/evaluate-predictions.js';
export type { PredictionErrors, PredictionScale } from './evaluation/evaluate-predictions.js';
export { evaluateRanks } from './evaluation/evaluate-ranks.js';
export { isErrorKind, isListKind, parseMetric } from './evaluation/metric.js';
export type { Metric, MetricKind } from './evaluation/metric.js';
export {
  meanOfKnown,
  splitBySegment,
  summariseBySegment,
  summariseQueries,
} from './evaluation/query-values.js';
export type { QueryValues, SegmentSummary } from './evaluation/query-values.js';
export { rankCandidates } from './evaluation/rank-candidates.js';
export type { CandidateQueries } from './evaluation/rank-candidates.js';
export { foldsOf, leaveOneOut, splitByHash, splitByTime } from './evaluation/splits.js';
export type { SplitColumns } from './evaluation/splits.js';
export { pairedBootstrap } from './evaluation/paired-bootstrap.js';
export type { BootstrapOptions, Interval, PairedComparison } from './evaluation/paired-bootstrap.js';
export * from './evaluation/ranking-metrics.js';
export { commercialFeatures } from './features/commercial-features.js';
export type { CommercialFeatures } from './features/commercial-features.js';
export { LOYALTY_TIERS, SPENDING_SEGMENTS, UNKNOWN_SEGMENT } from './features/customer-value.js';
export {
  ELASTICITY_CLASSES,
  ELASTICITY_MINIMUM_WEEKS,
  ELASTICITY_STANDARD_ERRORS,
  type PriceElasticity,
} from './features/price-elasticity.js';
export { purchaseHabits, type PurchaseHabits } from './features/purchase-habits.js';
export { PRICE_TIERS, UNKNOWN_TIER } from './features/price-statistics.js';
export { normalQuantile } from './statistics/normal-quantile.js';
export { createRandom } from './statistics/random.js';
export type { RandomSource } from './statistics/random.js';
export { mean, quantile } from './statistics/summary.js';
export { tuneHyperParameters } from './tuning/tune-hyper-parameters.js';
export { bestTrials } from './tuning/tune-with-halving.js';
export type { Trial, TuneRequest, TuneResult } from './tuning/tune-with-halving.js';
