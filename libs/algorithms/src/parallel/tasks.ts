import type { PreparedDataset, PrepareTask } from '../dataset/prepare-dataset.js';
import { runPrepareDataset } from '../dataset/prepare-dataset.js';
import type { BootstrapMeansTask } from '../evaluation/bootstrap-means.js';
import { runBootstrapMeans } from '../evaluation/bootstrap-means.js';
import type { RankCandidatesTask } from '../evaluation/rank-candidates.js';
import { runRankCandidates } from '../evaluation/rank-candidates.js';
import type { ScorePairsTask } from '../evaluation/calibrate-model.js';
import { runScorePairs } from '../evaluation/calibrate-model.js';
import type { EvaluateTask } from '../evaluation/evaluate-block.js';
import { runEvaluateCustomers } from '../evaluation/evaluate-block.js';
import type { BootstrapTask } from '../evaluation/paired-bootstrap.js';
import { runBootstrap } from '../evaluation/paired-bootstrap.js';
import type { CandidatesTask } from '../models/hybrid/candidate-kernels.js';
import { runHybridCandidates } from '../models/hybrid/candidate-kernels.js';
import type { Candidates } from '../models/hybrid/learn-weights.js';
import type { GramRowsTask } from '../models/product-weights/gram-rows.js';
import { runGramRows } from '../models/product-weights/gram-rows.js';
import type { SweepTask } from '../models/product-weights/symmetric-inverse.js';
import { runSweepPanel, runSweepPivot, runSweepRest } from '../models/product-weights/symmetric-inverse.js';
import type { InverseColumnsTask, InverseRowsTask, RidgeColumnsTask } from '../models/ease/ease-kernels.js';
import { runInverseColumns, runInverseRows, runRidgeColumns } from '../models/ease/ease-kernels.js';
import type { GramTask, PartialGramTask, SolveTask } from '../models/ials/ials-kernels.js';
import { runGramBlock, runPartialGram, runSolveRows } from '../models/ials/ials-kernels.js';
import type { SimilarProductsTask } from '../models/product-neighbours/similar-products.js';
import { runSimilarProducts } from '../models/product-neighbours/similar-products.js';
import type { BprEpochTask } from '../models/bpr/bpr-kernels.js';
import { runBprEpoch } from '../models/bpr/bpr-kernels.js';
import type { FeedbackSums, FeedbackTask } from '../models/rating-factors/feedback-regression.js';
import { runRegressFeedback } from '../models/rating-factors/feedback-regression.js';
import type { RatingRowsTask } from '../models/rating-factors/rating-rows.js';
import { runRatingRows } from '../models/rating-factors/rating-rows.js';
import type { RankByVectorsTask } from '../ranking/rank-by-vectors.js';
import { runRankByVectors } from '../ranking/rank-by-vectors.js';
import type { SlimColumnsTask, SlimLocalColumnsTask } from '../models/slim/slim-kernels.js';
import { runSlimColumns, runSlimLocalColumns } from '../models/slim/slim-kernels.js';
import type { RankTask } from '../ranking/rank-customers.js';
import { runRankCustomers } from '../ranking/rank-customers.js';

/** Every task there is: a closed list, so that a thread runs nothing but these. `null`: results are in shared memory. */
export interface TaskTypes {
  'prepare-dataset': { input: PrepareTask; output: PreparedDataset };
  'gram-block': { input: GramTask; output: Float64Array };
  'partial-gram': { input: PartialGramTask; output: null };
  'solve-rows': { input: SolveTask; output: null };
  'similar-products': { input: SimilarProductsTask; output: null };
  'hybrid-candidates': { input: CandidatesTask; output: Candidates };
  'bpr-epoch': { input: BprEpochTask; output: null };
  'rating-rows': { input: RatingRowsTask; output: number };
  'regress-feedback': { input: FeedbackTask; output: FeedbackSums };
  'rank-by-vectors': { input: RankByVectorsTask; output: null };
  'sweep-pivot': { input: SweepTask; output: boolean };
  'sweep-panel': { input: SweepTask; output: null };
  'sweep-rest': { input: SweepTask; output: null };
  'gram-rows': { input: GramRowsTask; output: null };
  'inverse-columns': { input: InverseColumnsTask; output: null };
  'inverse-rows': { input: InverseRowsTask; output: null };
  'ridge-columns': { input: RidgeColumnsTask; output: null };
  'slim-columns': { input: SlimColumnsTask; output: null };
  'slim-local-columns': { input: SlimLocalColumnsTask; output: null };
  'rank-customers': { input: RankTask; output: null };
  'score-pairs': { input: ScorePairsTask; output: null };
  'evaluate-customers': { input: EvaluateTask; output: null };
  'rank-candidates': { input: RankCandidatesTask; output: null };
  bootstrap: { input: BootstrapTask; output: null };
  'bootstrap-means': { input: BootstrapMeansTask; output: null };
}
export type TaskName = keyof TaskTypes;
export type TaskInput<N extends TaskName> = TaskTypes[N]['input'];
export type TaskOutput<N extends TaskName> = TaskTypes[N]['output'];

const TASKS: { readonly [N in TaskName]: (input: TaskInput<N>) => TaskOutput<N> } = {
  'prepare-dataset': runPrepareDataset,
  'gram-block': runGramBlock,
  'partial-gram': runPartialGram,
  'solve-rows': runSolveRows,
  'similar-products': runSimilarProducts,
  'hybrid-candidates': runHybridCandidates,
  'bpr-epoch': runBprEpoch,
  'rating-rows': runRatingRows,
  'regress-feedback': runRegressFeedback,
  'rank-by-vectors': runRankByVectors,
  'sweep-pivot': runSweepPivot,
  'sweep-panel': runSweepPanel,
  'sweep-rest': runSweepRest,
  'gram-rows': runGramRows,
  'inverse-columns': runInverseColumns,
  'inverse-rows': runInverseRows,
  'ridge-columns': runRidgeColumns,
  'slim-columns': runSlimColumns,
  'slim-local-columns': runSlimLocalColumns,
  'rank-customers': runRankCustomers,
  'score-pairs': runScorePairs,
  'evaluate-customers': runEvaluateCustomers,
  'rank-candidates': runRankCandidates,
  bootstrap: runBootstrap,
  'bootstrap-means': runBootstrapMeans,
};

/** Runs one task on the calling thread: a pure function of its input, but for the shared arrays it is told to write. */
export function runTask<N extends TaskName>(task: N, input: TaskInput<N>): TaskOutput<N> {
  return TASKS[task](input);
}
