import { pairedBootstrap, type AlgorithmName } from '#libs/algorithms';
import {
  artifactGone,
  decideVerdict,
  unchangedVerdict,
  type GateSettings,
  type ModelScore,
  type RecordedVerdict,
  type RunOutcome,
  type Verdict,
  type VerdictLane,
} from '#libs/domain';
import type { NightContext, StageResult } from '../night-context.js';
import { report, type EvaluateOutput, type NightScores } from './evaluate.stage.js';
import type { PrepareOutput } from './prepare.stage.js';
import type { Scored } from './score-models.js';
import type { SnapshotOutput } from './snapshot.stage.js';
import type { SkippedTraining, TrainOutput } from './train.stage.js';
import { isReadable } from './unchanged-inputs.js';

export interface DecideOutput {
  readonly winner: {
    readonly version: number;
    readonly algorithm: string;
    readonly file: string;
    readonly sha256: string;
  };
  readonly verdicts: readonly RecordedVerdict[];
  /** Revision of the pointer that the decision is about; 0 when nothing was served. */
  readonly expectedRevision: number;
  readonly outcome: RunOutcome;
}

/** Puts champion and challenger side by side and writes down why one of them serves. */
export async function decideStage(context: NightContext): Promise<StageResult> {
  const { registry, tenant } = context;
  const pointer = await registry.pointer(tenant.id);
  const champion = pointer && (await registry.find(tenant.id, pointer.modelVersion));
  const expectedRevision = pointer?.revision ?? 0;
  const { promotesVersion } = context.run;
  if (promotesVersion !== undefined) return decideByHand(context, promotesVersion, expectedRevision);
  const evaluated = context.output<EvaluateOutput | SkippedTraining>('evaluate');
  if ('skipped' in evaluated || (champion?.version ?? null) !== evaluated.championVersion) {
    // Frozen or unchanged: only ranked. Moved by a person since it was scored: the comparison is void, their choice stands.
    if (champion === undefined) return { output: {}, ends: 'superseded' };
    if (!(await isReadable(context, champion))) return { output: {}, ends: 'championUnreadable' };
    return {
      output: {
        winner: winnerOf(champion),
        verdicts: [],
        expectedRevision,
        outcome: 'skipped' in evaluated && evaluated.skipped === 'unchanged' ? 'unchanged' : 'ranked',
      } satisfies DecideOutput,
    };
  }
  const scores = await context.workspace.load<NightScores>(evaluated.scores);
  if (champion === undefined || scores.champion === null)
    return decideFirst(context, scores, expectedRevision, champion?.version);

  const best = bestCandidate(scores, context.template.gate);
  const verdicts: RecordedVerdict[] = [];
  const championAlgorithm = champion.recipe.algorithm as AlgorithmName;
  const lanes: [VerdictLane, AlgorithmName][] = [['refresh', championAlgorithm]];
  if (best !== championAlgorithm) lanes.unshift(['change', best]);
  for (const [lane, algorithm] of lanes) {
    const challenger = scores.candidates[algorithm];
    if (challenger === undefined) continue;
    const verdict = await compare(context, lane, championAlgorithm, scores.champion, algorithm, challenger);
    if (trained(context, algorithm).sha256 === champion.artifactSha256) {
      // The same data, parameters, seed and code: it has its number already.
      const { version } = champion;
      const unchanged = unchangedVerdict(verdict, champion.watermark, tenant.timeZone);
      verdicts.push({ championVersion: version, challengerVersion: version, verdict: unchanged });
      continue;
    }
    const challengerVersion = await register(context, scores, algorithm);
    verdicts.push({ championVersion: champion.version, challengerVersion, verdict });
    if (verdict.promoted) {
      const winner = { version: challengerVersion, algorithm, ...trainedFile(context, algorithm) };
      return { output: { winner, verdicts, expectedRevision, outcome: 'promoted' } satisfies DecideOutput };
    }
  }
  return {
    output: {
      winner: winnerOf(champion),
      verdicts,
      expectedRevision,
      outcome: 'kept',
    } satisfies DecideOutput,
  };
}

/** A person has decided; the night only makes sure that it is still their last word and that the version can rank. */
async function decideByHand(
  context: NightContext,
  promotesVersion: number,
  expectedRevision: number,
): Promise<StageResult> {
  const { registry, run, tenant } = context;
  const [newest] = await registry.changes(tenant.id, 1);
  if (newest !== undefined && newest.changedAt > run.createdAt) return { output: {}, ends: 'superseded' };
  const version = await registry.find(tenant.id, promotesVersion);
  if (version === undefined || !(await isReadable(context, version))) throw artifactGone(promotesVersion);
  const outcome = 'promotedByHand' as const;
  return {
    output: { winner: winnerOf(version), verdicts: [], expectedRevision, outcome } satisfies DecideOutput,
  };
}

/**
 * A tenant's first model must rank better than popularity, or popularity itself is served. Where there is a champion whose
 * file cannot be read any more, it can neither be compared nor rank another night: a model that clearly beats popularity
 * takes its place, and otherwise its lists stay.
 */
async function decideFirst(
  context: NightContext,
  scores: NightScores,
  expectedRevision: number,
  lostChampion: number | undefined,
): Promise<StageResult> {
  const models = { ...scores.candidates, popularity: undefined };
  const algorithm = bestCandidate({ ...scores, candidates: models }, context.template.gate);
  const { popularity, [algorithm]: challenger } = scores.candidates;
  if (popularity === undefined || challenger === undefined)
    throw new Error('A night trains popularity and at least one model.');
  const verdict = await compare(context, 'first', 'popularity', popularity, algorithm, challenger);
  if (lostChampion !== undefined && !verdict.promoted)
    return { output: { verdict }, ends: 'championUnreadable' };
  const challengerVersion = await register(context, scores, algorithm);
  const served = verdict.promoted ? algorithm : 'popularity';
  const version = await register(context, scores, served);
  const output: DecideOutput = {
    winner: { version, algorithm: served, ...trainedFile(context, served) },
    verdicts: [{ championVersion: lostChampion, challengerVersion, verdict }],
    expectedRevision,
    outcome: 'promoted',
  };
  return { output };
}

/**
 * The night's challenger: of the recipes that rank about as well as the best (NDCG@10 within the guardrail's margin), the one
 * with the lowest RMSE. Judged on the calibration part alone, so that the holdout stays fresh for the verdict. Ties go to
 * the simpler recipe, which comes first.
 */
export function bestCandidate(scores: NightScores, gate: GateSettings): AlgorithmName {
  const candidates = Object.entries(scores.candidates).filter(([, scored]) => scored !== undefined) as [
    AlgorithmName,
    Scored,
  ][];
  const ndcgOf = ({ selection }: Scored) => selection.metrics['ndcg@10'];
  const bestNdcg = Math.max(
    ...candidates.map(([, scored]) => ndcgOf(scored)).filter((ndcg) => !Number.isNaN(ndcg)),
  );
  const good = candidates.filter(([, scored]) => ndcgOf(scored) >= (1 - gate.ndcgMargin) * bestNdcg);
  let best: [AlgorithmName, number] = ['popularity', Infinity];
  for (const [name, { selection }] of good)
    if (selection.metrics.rmse < best[1]) best = [name, selection.metrics.rmse];
  return best[0];
}

async function compare(
  context: NightContext,
  lane: VerdictLane,
  referenceAlgorithm: string,
  reference: Scored,
  challengerAlgorithm: string,
  challenger: Scored,
): Promise<Verdict> {
  const { gate, seed } = context.template;
  const { resamples, confidence } = gate;
  const options = { resamples, confidence, seed, executor: context.executor };
  const paired = await context.numerics('decide', () =>
    pairedBootstrap(reference.holdout.perCustomer, challenger.holdout.perCustomer, options),
  );
  const evidence = {
    lane,
    reference: scoreOf(referenceAlgorithm, reference),
    challenger: scoreOf(challengerAlgorithm, challenger),
    customers: paired.customers,
    rows: context.output<PrepareOutput>('prepare').holdoutPairs,
    rmse: paired.rmse,
    ndcg10: paired.ndcg10,
  };
  return decideVerdict(evidence, gate);
}

function scoreOf(algorithm: string, { holdout }: Scored): ModelScore {
  const { rmse, 'ndcg@10': ndcg10, 'coverage@10': coverage10 } = holdout.metrics;
  return { algorithm, rmse, ndcg10, coverage10 };
}

/** Gives a candidate its number in the registry, with everything needed to trace it. */
async function register(
  context: NightContext,
  scores: NightScores,
  algorithm: AlgorithmName,
): Promise<number> {
  const snapshot = context.output<SnapshotOutput>('snapshot');
  const { file, sha256, params, seconds } = trained(context, algorithm);
  const output = context.output<TrainOutput>('train');
  const scored = scores.candidates[algorithm];
  const candidates = Object.entries(scores.candidates).map(([name, other]) => [name, report(other.holdout)]);
  return context.registry.registerCandidate(context.lease, {
    runId: context.run.runId,
    recipe: { algorithm, params },
    seed: context.run.seed,
    watermark: new Date(snapshot.watermark),
    snapshotHash: snapshot.snapshot.sha256,
    holdoutFrom: new Date(context.output<PrepareOutput>('prepare').holdoutFrom),
    codeVersion: context.codeVersion,
    metrics: {
      holdout: scored && report(scored.holdout),
      candidates: Object.fromEntries(candidates),
      calibration: scored?.calibration,
      // Whichever version the night registers carries its search: the next night begins with the best of it.
      ...('tuning' in output && output.tuning !== undefined ? { tuning: output.tuning } : {}),
      ...('leftOut' in output ? { leftOut: output.leftOut } : {}),
    },
    trainingSeconds: seconds,
    artifact: file,
    artifactSha256: sha256,
  });
}

function trained(context: NightContext, algorithm: AlgorithmName) {
  const output = context.output<TrainOutput>('train');
  const model = 'models' in output ? output.models[algorithm] : undefined;
  if (model === undefined) throw new Error(`No ${algorithm} was trained tonight.`);
  return model;
}

function trainedFile(context: NightContext, algorithm: AlgorithmName): { file: string; sha256: string } {
  const { file, sha256 } = trained(context, algorithm);
  return { file, sha256 };
}

function winnerOf(champion: {
  version: number;
  recipe: { algorithm: string };
  artifact: string;
  artifactSha256: string;
}) {
  const { version, recipe, artifact, artifactSha256 } = champion;
  return { version, algorithm: recipe.algorithm, file: artifact, sha256: artifactSha256 };
}
