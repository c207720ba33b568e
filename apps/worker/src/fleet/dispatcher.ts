import type { AdmissibleRun, FleetRunRepository, Leadership, WorkerRepository } from '#libs/domain';
import type { JobPublisher } from '#libs/jobs';

/** A worker that has not reported for this long does not count. */
const WORKER_SILENT_MS = 30_000;

/**
 * Turns queued runs into jobs, fairly and not too many ahead, and is the one place where lost work comes back:
 * a job that Redis forgot, a worker that died, a lease that ran out all show as a run that nobody has claimed.
 */
export class Dispatcher {
  constructor(
    private readonly runs: FleetRunRepository,
    private readonly workers: WorkerRepository,
    private readonly jobs: JobPublisher,
    private readonly leadership: Leadership,
  ) {}

  /** Redis is asked after the lock is given back: if it hangs for this worker alone, another one leads on. */
  async tick(): Promise<void> {
    const admitted = await this.leadership.ifLeader('dispatcher', async () => {
      const lost = await this.runs.unclaimed();
      const room = 2 * (await this.workers.slots(WORKER_SILENT_MS)) - (await this.runs.countInFlight());
      return [...lost, ...(await this.runs.admit(room))];
    });
    for (const run of admitted ?? []) await this.publish(run);
  }

  private publish({ tenantId, runId, attempt }: AdmissibleRun): Promise<void> {
    return this.jobs.ensure('run-pipeline', { tenantId, runId, attempt });
  }
}
