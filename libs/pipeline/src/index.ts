export * from './night-context.js';
export * from './run-stages.js';
export { SnapshotBuilder } from './snapshot/snapshot-builder.js';
export type { Snapshot } from './snapshot/snapshot.js';
export { decodeArtifact, encodeArtifact } from './workspace/artifact-codec.js';
export { RunWorkspace } from './workspace/run-workspace.js';
export { describeSnapshot } from './stages/validate.stage.js';
export { segmentRankings, topProducts } from './stages/fallback-lists.js';
export type { ModelPackage } from './stages/train.stage.js';
