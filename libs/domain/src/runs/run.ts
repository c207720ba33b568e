import type { StageName } from '../template/pipeline-template.js';
import type { TenantId } from '../tenants/tenant.js';
import type { RunLogLine } from './run-log.js';

/** In the order of their priority; `admission.ts` says how the later ones get their turn all the same. */
export const RUN_KINDS = ['nightly', 'manual', 'triggered', 'backfill'] as const;
export type RunKind = (typeof RUN_KINDS)[number];

/** What made a run: the clock, what was measured of the tenant's data, or a person. */
export const RUN_TRIGGERS = ['clock', 'volume', 'degradation', 'drift', 'person'] as const;
export type RunTrigger = (typeof RUN_TRIGGERS)[number];

export const RUN_STATUSES = ['queued', 'admitted', 'running', 'succeeded', 'failed'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

/**
 * How a finished run ended, in the words of the registry:
 * promoted: a challenger is champion now; kept: the champion stays, its lists are fresh; ranked: frozen, lists are fresh;
 * promotedByHand: a version that a person chose has ranked everybody, and serves;
 * unchanged: nothing is different from what the last training saw, so nothing was trained, and lists are fresh;
 * dataRejected: the input was not fit to train on; superseded: the tenant froze or switched off, or a person moved the
 * champion, while it ran; noData: nothing to learn from; off: switched off; championUnreadable: the champion's file is gone
 * or damaged and nothing clearly better was there to replace it: its lists stay, and somebody has to look.
 */
export type RunOutcome =
  | 'promoted'
  | 'kept'
  | 'ranked'
  | 'promotedByHand'
  | 'unchanged'
  | 'dataRejected'
  | 'superseded'
  | 'noData'
  | 'off'
  | 'championUnreadable';

export interface Run {
  readonly tenantId: TenantId;
  readonly runId: string;
  /** Local date of the night it belongs to, YYYY-MM-DD. */
  readonly night: string;
  readonly kind: RunKind;
  readonly trigger: RunTrigger;
  readonly status: RunStatus;
  readonly outcome: RunOutcome | undefined;
  readonly requestedBy: string;
  /** Who started it may have said why; of a triggered run it is what was measured, in a sentence. */
  readonly reason: string | undefined;
  /** What a triggered run was decided on. */
  readonly figures: Readonly<Record<string, number | string>> | undefined;
  readonly seed: number;
  readonly templateVersion: number;
  /** A version that a person wants in service: nothing is trained, and everybody is ranked with it. */
  readonly promotesVersion?: number;
  readonly attempt: number;
  readonly errorCode: string | undefined;
  readonly errorMessage: string | undefined;
  readonly createdAt: Date;
  readonly startedAt: Date | undefined;
  readonly finishedAt: Date | undefined;
  /** When the night's lists are to be fresh; undefined for runs that nobody waits for at a certain hour. */
  readonly deadline: Date | undefined;
}

/** Whether the lists came after the deadline, or are not there although it has passed. A failed run made none. */
export function isLate(run: Pick<Run, 'deadline' | 'status' | 'finishedAt'>, now = new Date()): boolean {
  if (run.deadline === undefined) return false;
  const freshAt = run.status === 'succeeded' ? run.finishedAt : undefined;
  return (freshAt ?? now) > run.deadline;
}

export interface RunStage {
  readonly stage: StageName;
  readonly status: 'running' | 'succeeded' | 'failed';
  readonly attempt: number;
  /** 0 to 1. */
  readonly progress: number;
  readonly output: Readonly<Record<string, unknown>>;
  readonly error: string | undefined;
  /** Of all attempts, oldest first. */
  readonly log: readonly RunLogLine[];
  readonly startedAt: Date;
  readonly finishedAt: Date | undefined;
}

/** A worker's right to a run: whoever claims it later gets a higher token, and an older token can no longer write. */
export interface RunLease {
  readonly tenantId: TenantId;
  readonly runId: string;
  readonly fencingToken: number;
}

export const RUN_RETRIES = { attempts: 5, firstDelayMs: 2_000, maximumDelayMs: 300_000 } as const;

/** Full jitter (Brooker 2015): uniform between 0 and the exponential bound, so that failed runs do not return together. */
export function retryDelayMs(attempt: number, random: () => number = Math.random): number {
  const bound = Math.min(
    RUN_RETRIES.maximumDelayMs,
    RUN_RETRIES.firstDelayMs * 2 ** Math.max(0, attempt - 1),
  );
  return Math.round(bound * random());
}
