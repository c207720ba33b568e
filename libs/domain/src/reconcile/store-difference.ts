/** Where the platform keeps what Postgres says should be there. */
export type ReconciledStore = 'redis' | 'lists' | 'artifacts' | 'folders' | 'quota';

/** missing: Postgres knows it, the store does not; damaged: not what was written; leftover: nobody needs it any more. */
export type DifferenceProblem = 'missing' | 'damaged' | 'leftover';

/**
 * done: as Postgres says again; requested: a run was asked for that makes it new; notNow: something is under way, another
 * reconciliation will do; impossible: `note` says what a person can do.
 */
export type RepairResult = 'done' | 'requested' | 'notNow' | 'impossible';

export interface StoreDifference {
  readonly store: ReconciledStore;
  readonly problem: DifferenceProblem;
  /** The tenant's name in addresses; null: of no tenant that there is. */
  readonly tenant: string | null;
  readonly what: string;
  /** Null: nobody asked for a repair. */
  readonly repair: RepairResult | null;
  readonly note?: string;
}

export interface ReconcileReport {
  readonly checkedAt: string;
  readonly tenants: number;
  /** What was compared, by store. */
  readonly checked: Readonly<Record<ReconciledStore, number>>;
  readonly differences: readonly StoreDifference[];
  /** True when nothing differs any more. */
  readonly agrees: boolean;
}

export function agrees(differences: readonly StoreDifference[]): boolean {
  return differences.every(({ repair }) => repair === 'done');
}
