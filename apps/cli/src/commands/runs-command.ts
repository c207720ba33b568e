import type { Command } from 'commander';
import {
  FleetRunRepository,
  InvalidInputError,
  isLate,
  ModelRegistryService,
  outcomeSentence,
  RunService,
  type Run,
  type RunStage,
  type StoredVerdict,
} from '#libs/domain';
import { findTenant, type CommandContext } from '../command-context.js';
import type { Cell } from '../output/output.js';
import { addCommand, type RunWork } from './command-runner.js';
import { parseWholeNumber } from './option-parsers.js';

interface RunsOptions {
  readonly tenant?: string;
  readonly late?: boolean;
  readonly limit: number;
  readonly json?: boolean;
}

const USUAL_LIMIT = 10;
const MAXIMUM_LIMIT = 100;
/** A night that tries two models has a verdict on each: lanes change and refresh. */
const VERDICTS_PER_RUN = 2;

/** Late runs of the fleet are shown for so long. */
const LATE_DAYS = 7;
const LATE_HEAD = ['tenant', 'night', 'state', 'fresh by', 'ended'];
const HEAD = ['night', 'state', 'started', 'stage', 'verdict'];

export function addRunsCommand(program: Command, run: RunWork): void {
  addCommand(program, 'runs', 'the newest runs: state, start, stage and verdict')
    .option('--tenant <slug>', 'tenant; with --late, the whole fleet if absent')
    .option('--late', 'only runs whose lists were not fresh at their deadline')
    .option('--limit <number>', 'how many', parseWholeNumber(1, MAXIMUM_LIMIT), USUAL_LIMIT)
    .action((options: RunsOptions) =>
      run(options, async (context) => {
        if (options.tenant === undefined) return showLate(context, options);
        const tenant = await findTenant(context, options.tenant);
        const service = context.services.get(RunService);
        const found = await service.list(tenant, options.limit, options.late);
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
        for (const { night, trigger, reason, figures } of runs)
          if (figures !== null) context.output.note(`${night}, ${trigger}: ${reason}`);
      }),
    );
}

/** Of the whole fleet, the last week. */
async function showLate({ services, output }: CommandContext, options: RunsOptions): Promise<void> {
  if (options.late !== true)
    throw new InvalidInputError(
      'tenantRequired',
      'Name a tenant (--tenant), or ask for the late runs of all (--late).',
    );
  const fleet = services.get(FleetRunRepository);
  const runs = await fleet.late(new Date(Date.now() - LATE_DAYS * 86_400_000), options.limit);
  const rows = runs.map(({ tenant, night, status, deadline, finishedAt, errorCode }): Cell[] => [
    ...[tenant, night, status, deadline, finishedAt ?? errorCode ?? null],
  ]);
  output.show({ late: runs.map((run) => ({ ...run, finishedAt: run.finishedAt ?? null })) }, LATE_HEAD, rows);
}

type RunSummary = ReturnType<typeof summarise>;

function summarise(run: Run, stages: readonly RunStage[], verdicts: readonly StoredVerdict[]) {
  const { runId, night, kind, trigger, status, outcome, errorCode, errorMessage } = run;
  // Of a run that is tried again, the one that is done again counts, not what an earlier attempt left behind it.
  const current = stages.find((stage) => stage.status !== 'succeeded') ?? stages.at(-1);
  return {
    ...{ id: runId, night, kind, trigger, status, outcome: outcome ?? null, late: isLate(run) },
    ...{ requestedBy: run.requestedBy, reason: run.reason ?? null, figures: run.figures ?? null },
    sentence: outcome === undefined ? null : outcomeSentence(outcome),
    ...{ startedAt: run.startedAt ?? null, finishedAt: run.finishedAt ?? null },
    stage: current === undefined ? null : { stage: current.stage, progress: current.progress },
    error: errorCode === undefined ? null : { code: errorCode, message: errorMessage ?? '' },
    verdicts: verdicts.map(({ lane, promoted, reasonCode, sentence }) => ({
      ...{ lane, promoted, reasonCode, sentence },
    })),
  };
}

function rowOf({
  night,
  kind,
  trigger,
  status,
  startedAt,
  stage,
  outcome,
  error,
  verdicts,
}: RunSummary): Cell[] {
  const isUnderWay = status === 'running' && stage !== null && stage.progress < 1;
  const progress = isUnderWay ? ` ${Math.round(stage.progress * 100)} %` : '';
  const reasons = verdicts.map(({ lane, reasonCode }) => `${lane}: ${reasonCode}`);
  const verdict = [outcome ?? error?.code, ...reasons].filter((text) => text !== undefined);
  return [
    ...[
      kind === 'triggered' ? `${night}\n${trigger}` : night,
      status,
      startedAt,
      stage === null ? null : stage.stage + progress,
    ],
    verdict.length === 0 ? null : verdict.join('\n'),
  ];
}
