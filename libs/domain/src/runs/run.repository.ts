import type { StageName } from '../template/pipeline-template.js';
import type { TenantId } from '../tenants/tenant.js';
import type { RunLogLine } from './run-log.js';
import type { Run, RunKind, RunLease, RunOutcome, RunStage, RunStatus, RunTrigger } from './run.js';

export interface NewManualRun {
  readonly night: string;
  readonly seed: number;
  readonly templateVersion: number;
  readonly requestedBy: string;
  readonly reason: string | undefined;
}

export interface NewPromotion extends NewManualRun {
  readonly promotesVersion: number;
}

export interface NewTriggeredRun extends NewManualRun {
  readonly trigger: RunTrigger;
  readonly figures: Readonly<Record<string, number | string>>;
  /** Only if no other was started after this moment. */
  readonly noneSince: Date;
}

/** One tenant's runs. Absent is `undefined`; outages surface as UnavailableError. */
export abstract class RunRepository {
  /** Starts a manual run, or joins the one that is unfinished; a backfill is not joined. */
  abstract requestManual(tenantId: TenantId, run: NewManualRun): Promise<{ run: Run; joined: boolean }>;
  /**
   * Starts a run that puts a version into service, or joins the one that does already.
   * @throws ConflictError `runUnfinished` while the tenant has another unfinished run (past nights aside)
   */
  abstract requestPromotion(tenantId: TenantId, run: NewPromotion): Promise<{ run: Run; joined: boolean }>;
  /** The unfinished run that puts a version into service, if there is one. */
  abstract unfinishedPromotion(tenantId: TenantId): Promise<Run | undefined>;
  /**
   * Starts a run for a past night, or joins the unfinished one of that night.
   * @throws NightshiftError `tooManyRuns` when `limit` of the tenant's are unfinished; they stay as they are
   */
  abstract requestBackfill(
    tenantId: TenantId,
    run: NewManualRun,
    limit: number,
  ): Promise<{ run: Run; joined: boolean }>;
  /** Undefined when another is unfinished (past nights aside), was triggered too lately, or the tenant is not on any more. */
  abstract startTriggered(tenantId: TenantId, run: NewTriggeredRun): Promise<Run | undefined>;
  abstract find(tenantId: TenantId, runId: string): Promise<Run | undefined>;
  /** The newest first; `lateOnly`: those for which `isLate` holds. */
  abstract list(tenantId: TenantId, limit: number, lateOnly?: boolean): Promise<Run[]>;
  abstract stages(tenantId: TenantId, runId: string): Promise<RunStage[]>;

  /** Takes a queued run, or one whose worker fell silent; `undefined` when somebody else holds it or it has ended. */
  abstract claim(
    tenantId: TenantId,
    runId: string,
    workerId: string,
    leaseMs: number,
  ): Promise<{ run: Run; lease: RunLease } | undefined>;
  /** @throws LeaseLostError when another worker has taken over */
  abstract extendLease(lease: RunLease, leaseMs: number): Promise<void>;
  abstract startStage(lease: RunLease, stage: StageName): Promise<void>;
  abstract reportProgress(lease: RunLease, stage: StageName, progress: number): Promise<void>;
  /** @param next begins at the same moment */
  abstract finishStage(
    lease: RunLease,
    stage: StageName,
    output: Readonly<Record<string, unknown>>,
    next?: StageName,
    lines?: readonly RunLogLine[],
  ): Promise<void>;
  /** Beyond `MOST_LOG_LINES` nothing is added; nor by whoever has lost the run. */
  abstract appendLog(lease: RunLease, stage: StageName, lines: readonly RunLogLine[]): Promise<void>;
  /** Ends a run that publishes nothing. */
  abstract finish(lease: RunLease, outcome: RunOutcome): Promise<void>;
  /** Forgets which stages have finished: what they left on disk cannot be read any more. */
  abstract restart(lease: RunLease): Promise<void>;
  /** Gives the run back untouched, to be taken by another worker at once: the attempt that was interrupted does not count. */
  abstract pause(lease: RunLease): Promise<void>;
  /** What an attempt has cost; whoever has lost the run adds nothing. */
  abstract addCpuSeconds(lease: RunLease, seconds: number): Promise<void>;
  /** Puts the run back for another attempt after `delayMs`, or ends it as failed when `delayMs` is undefined. */
  abstract fail(lease: RunLease, failure: RunFailure): Promise<void>;
}

export interface RunFailure {
  readonly stage: StageName | undefined;
  readonly code: string;
  readonly message: string;
  readonly delayMs: number | undefined;
  /** Whether it counts among the attempts; an outage that is nobody's fault does not. Counts if absent. */
  readonly counts?: boolean;
}

export interface AdmissibleRun {
  readonly tenantId: TenantId;
  readonly runId: string;
  readonly attempt: number;
}

/** A run whose lists came after the deadline, or are not there although it has passed. */
export interface LateRun {
  readonly tenant: string;
  readonly runId: string;
  readonly night: string;
  readonly kind: RunKind;
  readonly status: RunStatus;
  readonly deadline: Date;
  readonly finishedAt: Date | undefined;
  readonly errorCode: string | undefined;
}

export interface LateCounts {
  /** Lists that are not there although their deadline has passed; failed runs among them. */
  readonly missing: number;
  /** Lists that came after their deadline. */
  readonly delayed: number;
}

/** Unfinished runs that are due. */
export interface QueueDepth {
  /** Nights that wait. */
  readonly prioritised: number;
  /** Other runs that wait. */
  readonly waiting: number;
  /** Handed out to workers, or running. */
  readonly active: number;
  /** Of what waits or is handed out; 0 when there is nothing. */
  readonly oldestSeconds: number;
}

/** Every tenant's runs, seen by the platform: numbers and states, never data. */
export abstract class FleetRunRepository {
  /** Inserts the nightly run of every tenant whose night has begun, the jitter included; returns how many are new. */
  abstract planNights(now: Date): Promise<number>;
  /** Marks up to `room` runs as admitted, as `chooseRuns` says, and returns them in the order in which they should start. */
  abstract admit(room: number): Promise<AdmissibleRun[]>;
  /** Runs that were admitted and not yet claimed, or whose worker fell silent: their job may be lost. */
  abstract unclaimed(): Promise<AdmissibleRun[]>;
  /** Ids of all runs that have not ended. */
  abstract unfinished(): Promise<string[]>;
  /** How many runs are admitted or running. */
  abstract countInFlight(): Promise<number>;
  abstract queueDepth(): Promise<QueueDepth>;
  /** Gives back what this worker holds, as `pause` does; whatever it still writes is refused. Returns how many there were. */
  abstract handBack(workerId: string): Promise<number>;
  abstract countByStatus(): Promise<Readonly<Record<string, number>>>;
  /** Late runs whose deadline was after `since`, the latest deadline first. */
  abstract late(since: Date, limit: number): Promise<LateRun[]>;
  abstract countLate(since: Date): Promise<LateCounts>;
}

/** Worker processes that are alive. */
export abstract class WorkerRepository {
  abstract heartbeat(workerId: string, slots: number): Promise<void>;
  abstract leave(workerId: string): Promise<void>;
  /** Slots of all workers that reported within `withinMs`. */
  abstract slots(withinMs: number): Promise<number>;
}

/** Only one process of the fleet plans and dispatches at a time. */
export abstract class Leadership {
  /** Runs `work` if this process gets the lock, otherwise returns undefined at once. */
  abstract ifLeader<T>(name: string, work: () => Promise<T>): Promise<T | undefined>;
}
