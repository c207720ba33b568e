import type { AlgorithmName, Evaluation } from '#libs/algorithms';
import { isUnreadableArtifact, type ModelVersion } from '#libs/domain';
import type { NightContext, StageResult } from '../night-context.js';
import type { Snapshot } from '../snapshot/snapshot.js';
import type { SavedArtifact } from '../workspace/run-workspace.js';
import { SEGMENT_NAMES, type Prepared, type PrepareOutput } from './prepare.stage.js';
import { inOrder } from './recipes.js';
import { scoreModel, scoringRows, type Scored, type ScoringRows } from './score-models.js';
import type { SnapshotOutput } from './snapshot.stage.js';
import type { ModelPackage, TrainOutput } from './train.stage.js';

/** Every model of the night on the same rows; kept on disk because the per-customer columns are long. */
export interface NightScores {
  readonly candidates: Readonly<Partial<Record<AlgorithmName, Scored>>>;
  readonly champion: Scored | null;
}

export interface EvaluateOutput {
  readonly scores: SavedArtifact;
  /** Version that was champion when the models were scored, and the pointer's revision: 0 when there was none. */
  readonly championVersion: number | null;
  readonly metrics: Readonly<Record<string, ReportedMetrics>>;
}

export interface ReportedMetrics {
  readonly [metric: string]: number | Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export async function evaluateStage(context: NightContext): Promise<StageResult> {
  const trained = context.output<TrainOutput>('train');
  if ('skipped' in trained) return { output: trained };
  const { workspace, registry, tenant } = context;
  const prepared = await workspace.load<Prepared>(context.output<PrepareOutput>('prepare').prepared);
  const snapshot = await workspace.load<Snapshot>(context.output<SnapshotOutput>('snapshot').snapshot);
  const rows = await context.numerics('evaluate', () =>
    Promise.resolve(scoringRows(context, prepared, snapshot)),
  );
  const candidates: Partial<Record<AlgorithmName, Scored>> = {};
  const models = inOrder(trained.models);
  for (const [index, [name, saved]] of models.entries()) {
    const modelPackage = await workspace.load<ModelPackage>(saved);
    candidates[name] = await context.numerics('evaluate', () =>
      scoreModel(context, prepared, snapshot, rows, modelPackage),
    );
    context.progress((index + 1) / (models.length + 1));
  }
  const pointer = await registry.pointer(tenant.id);
  const version = pointer && (await registry.find(tenant.id, pointer.modelVersion));
  const champion = version && (await scoreChampion(context, prepared, snapshot, rows, version));
  const scores: NightScores = { candidates, champion: champion ?? null };
  const metrics = Object.fromEntries(
    Object.entries(candidates).map(([name, scored]) => [name, report(scored.holdout)]),
  );
  const output: EvaluateOutput = {
    scores: await workspace.save('evaluate', scores),
    championVersion: version?.version ?? null,
    metrics: champion === undefined ? metrics : { ...metrics, champion: report(champion.holdout) },
  };
  return { output };
}

/** Undefined when the champion's file is gone or damaged: then the night goes as if it were the tenant's first. */
async function scoreChampion(
  context: NightContext,
  prepared: Prepared,
  snapshot: Snapshot,
  rows: ScoringRows,
  version: ModelVersion,
): Promise<Scored | undefined> {
  try {
    const file = { file: version.artifact, sha256: version.artifactSha256 };
    const modelPackage = await context.workspace.load<ModelPackage>(file);
    return await context.numerics('evaluate', () =>
      scoreModel(context, prepared, snapshot, rows, modelPackage),
    );
  } catch (error) {
    if (isUnreadableArtifact(error)) return undefined;
    throw error;
  }
}

/** Metrics as they are shown and stored: overall, by segment, with how much they rest on. */
export function report(evaluation: Evaluation): ReportedMetrics {
  const segments: Record<string, Record<string, number>> = {};
  SEGMENT_NAMES.forEach((name, segment) => {
    const part = evaluation.bySegment[segment];
    if (part !== undefined) segments[name] = { ...part.metrics, rows: part.rows, queries: part.queries };
  });
  return { ...evaluation.metrics, rows: evaluation.rows, queries: evaluation.queries, segments };
}
