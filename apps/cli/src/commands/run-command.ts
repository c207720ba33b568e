import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import {
  isLate,
  outcomeSentence,
  RunService,
  STAGES,
  UnavailableError,
  type Run,
  type RunStage,
  type Tenant,
} from '#libs/domain';
import { findTenant, type CommandContext } from '../command-context.js';
import { addCommand, type RunWork } from './command-runner.js';
import { parseWholeNumber } from './option-parsers.js';

interface RunOptions {
  readonly tenant: string;
  readonly wait?: boolean;
  readonly seed?: number;
  readonly reason?: string;
  readonly night?: string;
  readonly json?: boolean;
}

type RunWithStages = Run & { readonly stages: readonly RunStage[] };

const POLL_MS = 500;
/** How long the database may be away while a run is watched. */
const PATIENCE_MS = 60_000;
/** After this long in the queue, a person wonders whether anybody is working. */
const QUEUE_HINT_MS = 15_000;
const MAXIMUM_SEED = 2_147_483_647;

export function addRunCommand(program: Command, run: RunWork): void {
  addCommand(program, 'run', "start tonight's run, or join the unfinished one; ends with a JSON line")
    .requiredOption('--tenant <slug>', 'tenant')
    .option('--wait', 'wait until it has ended; exit code 1 when it failed')
    .option('--seed <number>', "the template's if absent", parseWholeNumber(0, MAXIMUM_SEED))
    .option('--reason <text>', 'recorded with the run')
    .option('--night <date>', "a past night (2026-01-31): a run in that night's name")
    .action((options: RunOptions) =>
      run(options, async (context) => {
        const tenant = await findTenant(context, options.tenant);
        const { seed, reason, night } = options;
        const runs = context.services.get(RunService);
        const requested = await runs.request(tenant, { requestedBy: context.actor, seed, reason, night });
        const { runId } = requested.run;
        const watched =
          options.wait === true ? await waitForRun(context, tenant, runId) : await runs.get(tenant, runId);
        context.output.json({ tenant: tenant.slug, joined: requested.joined, ...describe(watched) });
        return watched.status === 'failed' ? 1 : 0;
      }),
    );
}

/** Looks until the run has ended and says on stderr what has changed. */
async function waitForRun(context: CommandContext, tenant: Tenant, runId: string): Promise<RunWithStages> {
  const startedMs = Date.now();
  let said = new Map<string, string>();
  let lastAnswerMs = startedMs;
  let hinted = false;
  for (;;) {
    try {
      const run = await context.services.get(RunService).get(tenant, runId);
      lastAnswerMs = Date.now();
      said = sayChanges(context, said, run);
      if (run.status === 'succeeded' || run.status === 'failed') return run;
      if (!hinted && run.status === 'queued' && Date.now() - startedMs > QUEUE_HINT_MS) {
        hinted = true;
        context.output.note('still queued: is a worker running?');
      }
    } catch (error) {
      // A restart of the database ends the waiting no more than it ends the run.
      if (!(error instanceof UnavailableError) || Date.now() - lastAnswerMs > PATIENCE_MS) throw error;
    }
    await sleep(POLL_MS);
  }
}

function sayChanges(
  { output }: CommandContext,
  said: Map<string, string>,
  run: RunWithStages,
): Map<string, string> {
  const now = new Map(run.stages.map((stage) => [stage.stage as string, stage.status as string]));
  now.set('run', run.status);
  for (const [name, status] of now) if (said.get(name) !== status) output.note(`${name} ${status}`);
  return now;
}

function describe(run: RunWithStages): object {
  const { runId, night, kind, trigger, status, outcome, seed, attempt, errorCode, errorMessage } = run;
  const error = errorCode === undefined ? null : { code: errorCode, message: errorMessage ?? '' };
  const stages = STAGES.flatMap((name) => run.stages.filter(({ stage }) => stage === name)).map(
    describeStage,
  );
  const { requestedBy, reason = null, figures = null } = run;
  const sentence = outcome === undefined ? null : outcomeSentence(outcome);
  const late = isLate(run);
  return {
    ...{ id: runId, night, kind, trigger, status, outcome: outcome ?? null, sentence, seed, attempt, late },
    ...{ requestedBy, reason, figures, error, stages },
  };
}

function describeStage({ stage, status, progress, startedAt, finishedAt, error }: RunStage): object {
  const seconds = finishedAt === undefined ? null : (finishedAt.getTime() - startedAt.getTime()) / 1000;
  return {
    stage,
    status,
    progress,
    startedAt,
    finishedAt: finishedAt ?? null,
    seconds,
    error: error ?? null,
  };
}
