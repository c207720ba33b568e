import type { DataQualityReport, RunOutcome, StageName } from '#libs/domain';
import { megabytes } from './megabytes.js';
import type { DecideOutput } from './stages/decide.stage.js';
import type { EvaluateOutput } from './stages/evaluate.stage.js';
import type { PrepareOutput } from './stages/prepare.stage.js';
import type { RankOutput } from './stages/rank.stage.js';
import type { SnapshotOutput } from './stages/snapshot.stage.js';
import type { SkippedTraining, TrainOutput } from './stages/train.stage.js';

type Report = (output: never) => readonly string[];

const REPORTS: Readonly<Partial<Record<StageName, Report>>> = {
  snapshot: ({ interactions, customers, products, watermark, frozen }: SnapshotOutput) => [
    `Read ${whole(interactions)} interactions of ${whole(customers)} customers and ${whole(products)} products, until ${watermark}.`,
    ...(frozen ? ['The recommender is frozen: nothing will be trained.'] : []),
  ],
  validate: ({ numbers, findings, passed }: DataQualityReport) => [
    `Kept ${whole(numbers.kept)} of ${whole(numbers.rows)} rows (${share(numbers.retention)}); out of training: ${whole(numbers.returns)} returns and ${whole(numbers.refunds)} refunds.`,
    ...findings.map(({ message, blocking }) => (blocking ? `Not fit to train on: ${message}` : message)),
    ...(passed ? [] : ['The data is refused: what serves stays.']),
  ],
  prepare: ({ trainingPairs, calibrationPairs, holdoutPairs, holdoutFrom }: PrepareOutput) => [
    `${whole(trainingPairs)} pairs to train on, ${whole(calibrationPairs)} to calibrate, ${whole(holdoutPairs)} held back since ${holdoutFrom}.`,
  ],
  train: (output: TrainOutput) => ('skipped' in output ? [SKIPPED[output.skipped]] : tuned(output)),
  evaluate: (output: EvaluateOutput | SkippedTraining) =>
    'skipped' in output
      ? ['Nothing was trained, so nothing is measured.']
      : Object.entries(output.metrics).map(
          ([name, metrics]) =>
            `${name}: RMSE ${number(metrics.rmse)}, NDCG@10 ${number(metrics['ndcg@10'])}, coverage@10 ${number(metrics['coverage@10'])}.`,
        ),
  decide: ({ winner, verdicts }: DecideOutput) => [
    ...verdicts.map(({ verdict }) => verdict.sentence),
    `Version ${winner.version} (${winner.algorithm}) ranks.`,
  ],
  rank: ({ customerLists, fallbackLists, bytes, rulesVersion, rerankingVersion }: RankOutput) => [
    `${whole(customerLists)} customers and ${whole(fallbackLists)} fallbacks, ${megabytes(bytes)}; rules ${rulesVersion}, re-ranking ${rerankingVersion}.`,
  ],
};

const SKIPPED: Readonly<Record<SkippedTraining['skipped'], string>> = {
  frozen: 'Frozen: nothing is trained.',
  promotion: 'A person chose a version: nothing is trained.',
  unchanged: 'Everything is as the last training had it: nothing is trained.',
};

/** What a stage has come to, in numbers that it leaves anyway; never an id of a customer. */
export function reportOf(stage: StageName, output: object, ends: RunOutcome | undefined): string[] {
  if (ends !== undefined && stage !== 'validate') return [`The run ends here: ${ends}.`];
  return [...(REPORTS[stage]?.(output as never) ?? [])];
}

export function costOf(seconds: number): string {
  return `Took ${seconds.toFixed(1)} s; the process has ${megabytes(process.memoryUsage.rss())} in use.`;
}

function tuned({ tuning, leftOut = {} }: Exclude<TrainOutput, SkippedTraining>): string[] {
  const search = tuning === undefined ? [] : [`Looked at ${tuning.trials.length} sets of parameters.`];
  return [...search, ...Object.entries(leftOut).map(([name, { message }]) => `Left out ${name}: ${message}`)];
}

const whole = (value: number): string => value.toLocaleString('en');
const share = (value: number): string => `${(100 * value).toFixed(2)} %`;
const number = (value: unknown): string => (typeof value === 'number' ? value.toFixed(4) : 'not measured');
