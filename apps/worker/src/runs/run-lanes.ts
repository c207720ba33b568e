import type { TenantSizeReadModel } from '#libs/domain';
import { MemoryAdmission } from './memory-admission.js';
import { estimateRunCost } from './run-cost.js';
import type { ExecutionResult } from './run-execution.js';
import type { RunThreads } from './run-threads.js';

/**
 * Longer ones may use all threads at once. A run that shares a thread renews its lease on it, between two pieces of numerics:
 * on a busy machine these take several times as long, and must still be shorter than a lease.
 */
const LARGE_SECONDS = 8;

/**
 * Where a run is worked on, by what it is expected to cost. Small ones share threads, one after the other, each from its claim
 * to its published list. A large one has a thread of its own, and its numerics use all processors; one at a time, so that the
 * small ones keep their share of the machine.
 */
export class RunLanes {
  private readonly admission: MemoryAdmission;
  private largeRuns = 0;

  constructor(
    private readonly sizes: TenantSizeReadModel,
    private readonly small: RunThreads,
    private readonly large: RunThreads,
    dataMemoryBytes: number,
  ) {
    this.admission = new MemoryAdmission(dataMemoryBytes);
  }

  /** @returns undefined when the lane is taken: the run is to be offered again in a while */
  async execute(tenantId: number, runId: string): Promise<ExecutionResult | undefined> {
    const cost = estimateRunCost(await this.sizes.sizeOf(tenantId));
    const isLarge = cost.seconds > LARGE_SECONDS;
    if (isLarge && this.largeRuns > 0) return undefined;
    if (isLarge) this.largeRuns++;
    try {
      return await this.admission.within(cost.dataBytes, () => {
        if (!this.admission.fits(cost.dataBytes)) {
          const { limitBytes } = this.admission;
          return this.small.execute({
            ...{ tenantId, runId },
            tooLarge: { neededBytes: cost.dataBytes, limitBytes },
          });
        }
        return (isLarge ? this.large : this.small).execute({ tenantId, runId });
      });
    } finally {
      if (isLarge) this.largeRuns--;
    }
  }
}
