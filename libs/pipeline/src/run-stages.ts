import {
  cloneTemplate,
  templateOf,
  STAGES,
  type RunOutcome,
  type RunRepository,
  type Run,
  type RunLease,
  type StageName,
  type Tenant,
} from '#libs/domain';
import type { NightContext, NightPorts, Stage } from './night-context.js';
import { StageLog } from './stage-log.js';
import { costOf, reportOf } from './stage-report.js';
import { decideStage } from './stages/decide.stage.js';
import { evaluateStage } from './stages/evaluate.stage.js';
import { asMemoryError } from './stages/fit-memory.js';
import { prepareStage } from './stages/prepare.stage.js';
import { publishStage } from './stages/publish.stage.js';
import { rankStage } from './stages/rank.stage.js';
import { snapshotStage } from './stages/snapshot.stage.js';
import { trainStage } from './stages/train.stage.js';
import { validateStage } from './stages/validate.stage.js';
import { RunWorkspace } from './workspace/run-workspace.js';

const STAGE_FUNCTIONS: Readonly<Record<StageName, Stage>> = {
  snapshot: snapshotStage,
  validate: validateStage,
  prepare: prepareStage,
  train: trainStage,
  evaluate: evaluateStage,
  decide: decideStage,
  rank: rankStage,
  publish: publishStage,
};

export interface StageListener {
  started(stage: StageName): void;
  finished(stage: StageName, seconds: number): void;
  warned(stage: StageName, message: string): void;
  /** Asked before each stage: a worker that is to stop hands the run back between two stages. */
  mayGoOn(): boolean;
}

/** The worker is stopping; the stages that have finished count. */
export class RunPausedError extends Error {
  override readonly name = 'RunPausedError';
}

/** An error with the stage in which it came up. */
export class StageError extends Error {
  override readonly name = 'StageError';
  constructor(
    readonly stage: StageName,
    override readonly cause: unknown,
  ) {
    super(`Stage ${stage}: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

/**
 * Runs the template for one tenant, from the first stage that has not finished yet. The lease is held by the caller;
 * every write checks its token, so a worker that has lost the run cannot change anything.
 * @throws StageError, RunPausedError
 */
export async function runStages(
  ports: NightPorts,
  runs: RunRepository,
  tenant: Tenant,
  run: Run,
  lease: RunLease,
  listener: StageListener,
): Promise<RunOutcome> {
  const workspace = new RunWorkspace(ports.artifacts, tenant.id, run.runId, lease.fencingToken);
  const finished = (await runs.stages(tenant.id, run.runId)).filter((stage) => stage.status === 'succeeded');
  const outputs = new Map<StageName, unknown>(finished.map((stage) => [stage.stage, stage.output]));
  const ended = finished.find((stage) => stage.output.ends !== undefined);
  if (ended !== undefined) return endRun(ended.output.ends as RunOutcome);
  async function endRun(outcome: RunOutcome): Promise<RunOutcome> {
    await runs.finish(lease, outcome);
    await workspace.clear();
    return outcome;
  }
  const output = <T>(stage: StageName): T => {
    if (!outputs.has(stage)) throw new Error(`Stage ${stage} has left nothing yet.`);
    return outputs.get(stage) as T;
  };
  const template = cloneTemplate(tenant.settings, await templateOf(ports.templates, run.templateVersion));
  let begun: StageName | undefined;
  for (const stage of STAGES) {
    if (outputs.has(stage)) continue;
    if (begun !== stage && !listener.mayGoOn()) throw new RunPausedError('The worker is stopping.');
    try {
      if (begun !== stage) await runs.startStage(lease, stage);
      listener.started(stage);
      const startedAt = performance.now();
      const progress = throttle((share) => runs.reportProgress(lease, stage, share));
      const warn = (message: string) => listener.warned(stage, message);
      const own = { tenant, run, lease, template, workspace };
      const log = new StageLog((lines) => runs.appendLog(lease, stage, lines));
      log.add(run.attempt === 1 ? 'Begins.' : `Begins, in attempt ${run.attempt}.`);
      const say = (message: string) => log.add(message);
      const context: NightContext = { ...ports, ...own, output, progress, warn, log: say };
      const result = await STAGE_FUNCTIONS[stage](context);
      const { output: left, ends } = result;
      for (const line of reportOf(stage, left, ends)) log.add(line);
      log.add(costOf((performance.now() - startedAt) / 1000));
      const lines = await log.take();
      // The last stage has written its own row and ended the run, in the transaction that published.
      if (stage === 'publish') {
        await runs.appendLog(lease, stage, lines).catch(() => undefined);
        await workspace.clear();
      } else {
        begun = ends === undefined && listener.mayGoOn() ? nextAfter(stage, outputs) : undefined;
        const whole = { ...left, ...(ends === undefined ? {} : { ends }) };
        await runs.finishStage(lease, stage, whole, begun, lines);
      }
      outputs.set(stage, left);
      listener.finished(stage, (performance.now() - startedAt) / 1000);
      if (ends !== undefined) return stage === 'publish' ? ends : await endRun(ends);
    } catch (error) {
      throw new StageError(stage, asMemoryError(error, `Stage ${stage}`));
    }
  }
  throw new Error('The last stage ends the run.');
}

/** The one after it that has still to be done. */
function nextAfter(stage: StageName, done: ReadonlyMap<StageName, unknown>): StageName | undefined {
  return STAGES.slice(STAGES.indexOf(stage) + 1).find((other) => !done.has(other));
}

const PROGRESS_EVERY_MS = 1_000;

/** Progress is for the eye: at most one report a second, and none of them can fail a stage. */
function throttle(report: (share: number) => Promise<void>): (share: number) => void {
  let last = performance.now();
  return (share) => {
    if (performance.now() - last < PROGRESS_EVERY_MS) return;
    last = performance.now();
    report(Math.min(1, share)).catch(() => undefined);
  };
}
