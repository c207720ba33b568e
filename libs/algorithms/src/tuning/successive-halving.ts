/** A job of the search: try configuration `trial` with the resource of `rung`. */
export interface HalvingJob {
  readonly trial: number;
  readonly rung: number;
}

/**
 * Asynchronous successive halving: who is tried next, and with how much. A configuration in the best 1/η of its rung, of
 * those that have come in so far, goes up one rung; if none can go up, a new one starts at the bottom. Nothing waits for a
 * rung to be full. Source: Li et al., "A system for massively parallel hyperparameter tuning" (ASHA, 2020), algorithm 2.
 */
export class SuccessiveHalving {
  private readonly rungs: number;
  private readonly eta: number;
  /** Per rung: gains of what has been tried there, by trial; NaN for a failure. */
  private readonly gains: Map<number, number>[];
  private readonly promoted: Set<number>[];
  private started = 0;

  /** @param eta 2 or more: one in eta goes up */
  constructor(rungs: number, eta: number) {
    this.rungs = rungs;
    this.eta = eta;
    this.gains = Array.from({ length: rungs }, () => new Map<number, number>());
    this.promoted = Array.from({ length: rungs }, () => new Set<number>());
  }

  /** The next job. Trials are numbered in the order in which they start. */
  next(): HalvingJob {
    for (let rung = this.rungs - 2; rung >= 0; rung--) {
      const trial = this.promotable(rung);
      if (trial === undefined) continue;
      this.promoted[rung].add(trial);
      return { trial, rung: rung + 1 };
    }
    return { trial: this.started++, rung: 0 };
  }

  /** @param gain larger is better, NaN = failed */
  report({ trial, rung }: HalvingJob, gain: number): void {
    this.gains[rung].set(trial, gain);
  }

  private promotable(rung: number): number | undefined {
    const ranked = [...this.gains[rung]].sort(([a, gainA], [b, gainB]) => order(gainB, gainA) || a - b);
    const best = ranked.slice(0, Math.floor(ranked.length / this.eta));
    return best.find(([trial, gain]) => !Number.isNaN(gain) && !this.promoted[rung].has(trial))?.[0];
  }
}

/** Ascending, NaN below everything. */
function order(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(b)) - Number(Number.isNaN(a));
  return a - b;
}
