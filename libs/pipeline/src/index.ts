export * from './night-context.js';
export * from './run-stages.js';
export { SnapshotBuilder } from './snapshot/snapshot-builder.js';
export type { Snapshot } from './snapshot/snapshot.js';
export { RunWorkspace } from './workspace/run-workspace.js';
export { describeSnapshot } from './stages/validate.stage.js';
export { segmentRankings, topProducts } from './stages/fallback-lists.js';
// A night without a platform, for measurements.
export { bestCandidate } from './stages/decide.stage.js';
export { prepareNight, type Prepared } from './stages/prepare.stage.js';
export { checkRecipe, fitRecipe } from './stages/recipes.js';
export { joinCandidates } from './stages/join-candidates.js';
export { scoreModel, scoringRows, type Scored } from './stages/score-models.js';
export type { ModelPackage } from './stages/train.stage.js';
export { InlineExecutor, ModelFormatError, runTask, type Executor, type TaskName } from '#libs/algorithms';
// Ranked lists as files, for campaigns.
export * from './push/push-lists.js';
export * from './push/export-lists.js';
export { servedNow } from './push/served-now.js';
// What Postgres says, compared with the other stores.
export * from './reconcile/reconcile-fleet.js';
export * from './reconcile/reconcile-tenant.js';
export { rebuildLists, type RebuiltLists } from './reconcile/rebuild-lists.js';
