import type { Command } from 'commander';
import {
  ModelRegistryService,
  outcomeSentence,
  RunService,
  type Run,
  type RunStage,
  type StoredVerdict,
} from '#libs/domain';
import { findTenant } from '../command-context.js';
import type { Cell } from '../output/output.js';
import { addCommand, type RunWork } from './command-runner.js';
import { parseWholeNumber } from './option-parsers.js';

interface RunsOptions {
  readonly tenant: string;
  readonly limit: number;
  readonly json?: boolean;
}

const USUAL_LIMIT = 10;
const MAXIMUM_LIMIT = 100;
/** A night that tries two models has a verdict on each: lanes change and refresh. */
const VERDICTS_PER_RUN = 2;

const HEAD = ['night', 'state', 'started', 'stage', 'verdict'];

export function addRunsCommand(program: Command, run: RunWork): void {
  addCommand(program, 'runs', 'the newest runs: state, start, stage and verdict')
    .requiredOption('--tenant <slug>', 'tenant')
    .option('--limit <number>', 'how many', parseWholeNumber(1, MAXIMUM_LIMIT), USUAL_LIMIT)
    .action((options: RunsOptions) =>
      run(options, async (context) => {
        const tenant = await findTenant(context, options.tenant);
        const service = context.services.get(RunService);
        const found = await service.list(tenant, options.limit);
        const verdicts = await context.services
          .get(ModelRegistryService)
          .verdicts(tenant, options.limit * VERDICTS_PER_RUN);
        const runs: RunSummary[] = [];
        for (const { runId } of found) {
          const { stages, ...one } = await service.get(tenant, runId);
          const own = verdicts.filter((verdict) => verdict.runId === runId);
          runs.push(summarise(one, stages, own));
        }
        context.output.show({ tenant: tenant.slug, runs }, HEAD, runs.map(rowOf));
      }),
    );
}

type RunSummary = ReturnType<typeof summarise>;

function summarise(run: Run, stages: readonly RunStage[], verdicts: readonly StoredVerdict[]) {
  const { runId, night, kind, status, outcome, errorCode, errorMessage } = run;
  // Of a run that is tried again, the one that is done again counts, not what an earlier attempt left behind it.
  const current = stages.find((stage) => stage.status !== 'succeeded') ?? stages.at(-1);
  return {
    ...{ id: runId, night, kind, status, outcome: outcome ?? null },
    sentence: outcome === undefined ? null : outcomeSentence(outcome),
    ...{ startedAt: run.startedAt ?? null, finishedAt: run.finishedAt ?? null },
    stage: current === undefined ? null : { stage: current.stage, progress: current.progress },
    error: errorCode === undefined ? null : { code: errorCode, message: errorMessage ?? '' },
    verdicts: verdicts.map(({ lane, promoted, reasonCode, sentence }) => ({
      ...{ lane, promoted, reasonCode, sentence },
    })),
  };
}

function rowOf({ night, status, startedAt, stage, outcome, error, verdicts }: RunSummary): Cell[] {
  const isUnderWay = status === 'running' && stage !== null && stage.progress < 1;
  const progress = isUnderWay ? ` ${Math.round(stage.progress * 100)} %` : '';
  const reasons = verdicts.map(({ lane, reasonCode }) => `${lane}: ${reasonCode}`);
  const verdict = [outcome ?? error?.code, ...reasons].filter((text) => text !== undefined);
  return [
    ...[night, status, startedAt, stage === null ? null : stage.stage + progress],
    verdict.length === 0 ? null : verdict.join('\n'),
  ];
}
