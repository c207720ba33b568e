import { Logger } from '@nestjs/common';
import {
  LeaseLostError,
  isUnreadableArtifact,
  NightshiftError,
  NotFoundError,
  retryDelayMs,
  RUN_RETRIES,
  STAGES,
  StorageAwayError,
  StorageFullError,
  type Run,
  type RunLease,
  type RunOutcome,
  type RunRepository,
  type StageName,
  type TenantRepository,
} from '#libs/domain';
import { ModelFormatError, RunPausedError, runStages, StageError, type NightPorts } from '#libs/pipeline';
import type { FileCleaner } from './file-cleaner.js';
import { holdLease } from './lease-holder.js';
import type { RunTally } from './run-tally.js';
import type { StopSignal } from './stop-signal.js';

export interface ExecutionResult {
  readonly ended: RunOutcome | 'notMine' | 'leaseLost' | 'retried' | 'paused' | 'failed';
  readonly message: string;
}

/** What a worker that stops says of a run that it does not go on with. */
export const STOPPING: ExecutionResult = { ended: 'paused', message: 'The worker is stopping.' };

/** One attempt at one run: claim, stages, and what to do when a stage fails. */
export class RunExecution {
  private readonly logger = new Logger(RunExecution.name);

  constructor(
    private readonly workerId: string,
    private readonly leaseMs: number,
    private readonly runs: RunRepository,
    private readonly tenants: TenantRepository,
    private readonly ports: NightPorts,
    private readonly cleaner: FileCleaner,
    private readonly tally: RunTally,
    private readonly stopSignal: StopSignal,
    /** CPU time so far of whatever works on this one's runs. */
    private readonly cpuSeconds: () => number,
  ) {}

  /** @param check asked once the run is this worker's; an error of it is the run's */
  async execute(
    tenantId: number,
    runId: string,
    check: () => void = () => undefined,
  ): Promise<ExecutionResult> {
    if (this.stopSignal.isRaised) return STOPPING;
    const claimed = await this.runs.claim(tenantId, runId, this.workerId, this.leaseMs);
    if (claimed === undefined)
      return { ended: 'notMine', message: 'Another worker has it, or it has ended.' };
    const { run, lease } = claimed;
    if (run.attempt > RUN_RETRIES.attempts && (await this.isUsedUp(run))) return this.giveUp(run, lease);
    const release = holdLease(this.runs, lease, this.leaseMs);
    const before = this.cpuSeconds();
    try {
      check();
      const tenant = await this.tenants.findById(tenantId);
      if (tenant === undefined) throw new NotFoundError('tenant', String(tenantId));
      const outcome = await runStages(this.ports, this.runs, tenant, run, lease, {
        started: (stage) => this.logger.debug({ tenant: tenant.slug, runId, stage }, 'stage started'),
        finished: (stage, seconds) => {
          this.logger.log({ tenant: tenant.slug, runId, stage, seconds }, 'stage finished');
          this.tally.observeStage(stage, seconds);
        },
        warned: (stage, message) => this.logger.warn({ tenant: tenant.slug, runId, stage }, message),
        mayGoOn: () => this.stopSignal.mayGoOn,
      });
      this.tally.countRun(outcome);
      await this.cleaner.clean(tenant);
      return { ended: outcome, message: '' };
    } catch (error) {
      return await this.handleFailure(run, lease, error);
    } finally {
      release();
      // Numbers for the operator: a night does not fail for them.
      await this.runs.addCpuSeconds(lease, this.cpuSeconds() - before).catch(() => undefined);
    }
  }

  /**
   * Whether it has been tried often enough where it stands. A run that gets a stage further each time before its worker is
   * killed does no harm; the stages are only asked for when the run itself was claimed that often.
   */
  private async isUsedUp({ tenantId, runId, attempt }: Run): Promise<boolean> {
    if (attempt >= RUN_RETRIES.attempts * STAGES.length) return true;
    if (attempt < RUN_RETRIES.attempts) return false;
    const stages = await this.runs.stages(tenantId, runId);
    return stages.some((one) => one.status !== 'succeeded' && one.attempt >= RUN_RETRIES.attempts);
  }

  /** Every attempt was claimed and none came back, not even with an error: the run takes its workers down with it. */
  private async giveUp(run: Run, lease: RunLease): Promise<ExecutionResult> {
    const message = `The worker died in each of ${RUN_RETRIES.attempts} attempts, perhaps for lack of memory.`;
    this.logger.error({ runId: run.runId }, message);
    await this.runs.fail(lease, { stage: undefined, code: 'workerDied', message, delayMs: undefined });
    this.tally.countRun('failed');
    return { ended: 'failed', message };
  }

  private async handleFailure(run: Run, lease: RunLease, error: unknown): Promise<ExecutionResult> {
    const stage = error instanceof StageError ? error.stage : undefined;
    const cause = error instanceof StageError ? error.cause : error;
    if (cause instanceof LeaseLostError) return { ended: 'leaseLost', message: cause.message };
    const message = cause instanceof Error ? cause.message : String(cause);
    if (cause instanceof RunPausedError) {
      // If this fails as well, the lease runs out and the dispatcher hands the run on.
      await this.runs.pause(lease).catch(() => undefined);
      return { ended: 'paused', message };
    }
    const isOutage = cause instanceof StorageFullError || cause instanceof StorageAwayError;
    let retry: boolean;
    try {
      retry = isOutage || (isWorthAnotherTry(cause) && !(await this.isUsedUp(run)));
      this.logger.error({ runId: run.runId, stage, attempt: run.attempt, retry, err: cause }, 'run failed');
      if (isLostArtifact(cause)) await this.runs.restart(lease);
      const code = cause instanceof NightshiftError ? cause.code : 'unexpected';
      const delayMs = retryDelayMs(isOutage ? RUN_RETRIES.attempts : run.attempt);
      await this.runs.fail(lease, {
        ...{ stage, code, message, counts: !isOutage },
        delayMs: retry ? delayMs : undefined,
      });
    } catch (writeError) {
      // Postgres is away or the run is somebody else's: the lease runs out and the dispatcher hands the run on.
      this.logger.warn({ runId: run.runId, err: writeError }, 'failure could not be recorded');
      return { ended: 'leaseLost', message };
    }
    if (!retry) this.tally.countRun('failed');
    return { ended: retry ? 'retried' : 'failed', message: stageMessage(stage, message) };
  }
}

function stageMessage(stage: StageName | undefined, message: string): string {
  return stage === undefined ? message : `${stage}: ${message}`;
}

/** What a stage left on disk is gone or damaged: the run can only start again. */
function isLostArtifact(cause: unknown): boolean {
  return (
    cause instanceof ModelFormatError || (cause instanceof NightshiftError && isUnreadableArtifact(cause))
  );
}

/** Outages pass and lost files can be made again; an input or a parameter that is wrong stays wrong. */
function isWorthAnotherTry(cause: unknown): boolean {
  if (cause instanceof NightshiftError) return cause.retryable || isLostArtifact(cause);
  return !(cause instanceof RangeError);
}
