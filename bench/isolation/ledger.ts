/** Which wall was tried. */
export type Surface =
  | 'routes'
  | 'sessions'
  | 'logins'
  | 'ids'
  | 'parameters'
  | 'headers'
  | 'bodies'
  | 'addresses'
  | 'fuzz'
  | 'paths'
  | 'jobs'
  | 'files'
  | 'lists'
  | 'caches'
  | 'logs'
  | 'metrics'
  | 'redis'
  | 'sql'
  | 'catalogue'
  | 'timing'
  | 'cli'
  | 'load';

export interface Leak {
  readonly surface: Surface;
  readonly attack: string;
  readonly finding: string;
}

/** Counts what was really done and judged: an attack without a judgement is none. */
export class Ledger {
  readonly leaks: Leak[] = [];
  readonly bySurface: Partial<Record<Surface, number>> = {};

  get attacks(): number {
    return Object.values(this.bySurface).reduce((sum, count) => sum + count, 0);
  }

  /** @param findings what the judges say; none: the wall held */
  judged(surface: Surface, attack: string, findings: readonly string[]): void {
    this.bySurface[surface] = (this.bySurface[surface] ?? 0) + 1;
    for (const finding of findings) this.leaks.push({ surface, attack, finding });
  }

  /** A finding about several attacks at once, which are counted already. */
  found(surface: Surface, attack: string, finding: string): void {
    this.leaks.push({ surface, attack, finding });
  }
}
