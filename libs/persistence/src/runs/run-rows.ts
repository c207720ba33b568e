import type { Run, RunStage, StageName } from '#libs/domain';
import type { Run as RunRow } from '../generated/client.js';
import type { StageRow } from './run-statements.js';

/** Columns that only the database and the dispatcher read. */
type Unread =
  'ordinal' | 'active' | 'notBefore' | 'fencingToken' | 'leaseOwner' | 'leaseUntil' | 'admittedAt';

export function toRun(row: Omit<RunRow, Unread>): Run {
  return {
    tenantId: row.tenantId,
    runId: row.runId,
    night: row.night.toISOString().slice(0, 10),
    kind: row.kind,
    trigger: row.trigger,
    status: row.status,
    outcome: (row.outcome ?? undefined) as Run['outcome'],
    requestedBy: row.requestedBy,
    reason: row.reason ?? undefined,
    figures: (row.figures ?? undefined) as Run['figures'],
    seed: row.seed,
    templateVersion: row.templateVersion,
    ...(row.promotesVersion === null ? {} : { promotesVersion: row.promotesVersion }),
    attempt: row.attempt,
    errorCode: row.errorCode ?? undefined,
    errorMessage: row.errorMessage ?? undefined,
    createdAt: row.createdAt,
    startedAt: row.startedAt ?? undefined,
    finishedAt: row.finishedAt ?? undefined,
    deadline: row.deadline ?? undefined,
  };
}

export function toRunStage(row: StageRow): RunStage {
  return {
    stage: row.stage as StageName,
    status: row.status,
    attempt: row.attempt,
    progress: row.progress,
    output: row.output as Readonly<Record<string, unknown>>,
    error: row.error ?? undefined,
    log: row.log as unknown as RunStage['log'],
    startedAt: row.startedAt,
    finishedAt: row.finishedAt ?? undefined,
  };
}
