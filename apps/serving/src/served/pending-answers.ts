import type { ServedAnswersBatch, TenantId } from '#libs/domain';

interface Pending {
  readonly tenantId: TenantId;
  readonly at: Date;
  /** Times zones begin their days at quarters of an hour, so counts of one quarter are of one day everywhere. */
  readonly quarter: number;
  readonly counts: Map<string, { status: string; reason: string; count: number }>;
  /** From the first attempt on, which may have arrived although it failed: the batch must stay what it was. */
  batch: ServedAnswersBatch | undefined;
}

export interface AnswerCount {
  readonly tenantId: TenantId;
  readonly status: string;
  readonly reason: string;
  readonly count: number;
}

const QUARTER_MS = 900_000;

/** Counts on their way to the database; while it is away they are added up, by tenant and quarter of an hour. */
export class PendingAnswers {
  private readonly pending: Pending[] = [];
  private flush = 0;

  constructor(private readonly nodeId: string) {}

  add(counted: readonly AnswerCount[], at: Date): void {
    const quarter = Math.floor(at.getTime() / QUARTER_MS);
    const open = new Map<TenantId, Pending>();
    for (const one of this.pending)
      if (one.batch === undefined && one.quarter === quarter) open.set(one.tenantId, one);
    for (const { tenantId, status, reason, count } of counted) {
      let of = open.get(tenantId);
      if (of === undefined) {
        of = { tenantId, at, quarter, counts: new Map(), batch: undefined };
        open.set(tenantId, of);
        this.pending.push(of);
      }
      const key = `${status}/${reason}`;
      const known = of.counts.get(key);
      if (known === undefined) of.counts.set(key, { status, reason, count });
      else known.count += count;
    }
  }

  /** Oldest first; what fails stays, and ends the turn. */
  async deliver(send: (batch: ServedAnswersBatch) => Promise<void>): Promise<void> {
    for (let next = this.pending.at(0); next !== undefined; next = this.pending.at(0)) {
      const { tenantId, at, counts } = next;
      next.batch ??= {
        tenantId,
        at,
        nodeId: this.nodeId,
        flush: ++this.flush,
        answers: [...counts.values()],
      };
      await send(next.batch);
      this.pending.shift();
    }
  }
}
