import { RUN_KINDS, type RunKind } from './run.js';
import type { AdmissibleRun } from './run.repository.js';

/** A run that could start now, were there room: its tenant has none at work. */
export interface WaitingRun extends AdmissibleRun {
  readonly kind: RunKind;
  /** Since when it could have started. */
  readonly readyAt: Date;
}

/** A run that was admitted. */
export interface Admission {
  readonly kind: RunKind;
  readonly at: Date;
}

/**
 * Of so many admissions in a row at least one goes to a waiting run of the kind. Without it a long night would keep a person
 * waiting, and persons who never stop would keep a past night from ever being made good.
 */
export const TURN_WITHIN: Readonly<Record<RunKind, number>> = {
  nightly: 5,
  manual: 5,
  triggered: 10,
  backfill: 20,
};

/** Admissions that the choice looks back on. */
export const REMEMBERED_ADMISSIONS = Math.max(...Object.values(TURN_WITHIN)) - 1;

/**
 * Chooses up to `room` of the waiting runs: the first kind of `RUN_KINDS` that waits, but a kind that was passed over often
 * enough goes first (`TURN_WITHIN`). Within a kind the given order counts. A tenant gets one run, so a round is a run of
 * every tenant that waits.
 * @param waiting per kind those that should go first come first
 * @param recent the latest admissions, newest first; `REMEMBERED_ADMISSIONS` are enough
 */
export function chooseRuns(
  waiting: readonly WaitingRun[],
  recent: readonly Admission[],
  room: number,
  now = new Date(),
): WaitingRun[] {
  const byKind = new Map(RUN_KINDS.map((kind) => [kind, waiting.filter((run) => run.kind === kind)]));
  const readyAt = new Map(RUN_KINDS.map((kind) => [kind, oldest(byKind.get(kind) ?? [])]));
  const admissions = [...recent];
  const chosen: WaitingRun[] = [];
  const served = new Set<number>();
  while (chosen.length < room) {
    const ready = RUN_KINDS.filter((kind) => nextOf(byKind, kind, served) !== undefined);
    if (ready.length === 0) break;
    const owed = ready.filter(
      (kind) => passedOver(kind, readyAt.get(kind), admissions) >= TURN_WITHIN[kind] - 1,
    );
    // The kind with the longest patience has waited longest when its turn has come.
    const kind = owed.at(-1) ?? ready[0];
    const run = nextOf(byKind, kind, served) as WaitingRun;
    chosen.push(run);
    served.add(run.tenantId);
    admissions.unshift({ kind, at: now });
  }
  return chosen;
}

/** How many others were admitted since the kind's last turn, or since one of the kind waits. */
function passedOver(kind: RunKind, readyAt: Date | undefined, admissions: readonly Admission[]): number {
  if (readyAt === undefined) return 0;
  const turn = admissions.findIndex((admission) => admission.kind === kind || admission.at < readyAt);
  return turn === -1 ? admissions.length : turn;
}

function nextOf(
  byKind: ReadonlyMap<RunKind, readonly WaitingRun[]>,
  kind: RunKind,
  served: ReadonlySet<number>,
): WaitingRun | undefined {
  return byKind.get(kind)?.find((run) => !served.has(run.tenantId));
}

function oldest(runs: readonly WaitingRun[]): Date | undefined {
  return runs.reduce<Date | undefined>(
    (first, { readyAt }) => (first === undefined || readyAt < first ? readyAt : first),
    undefined,
  );
}
