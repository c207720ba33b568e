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

  tick(): Promise<void | undefined> {
    return this.leadership.ifLeader('dispatcher', async () => {
      for (const run of await this.runs.unclaimed()) await this.publish(run);
      const room = 2 * (await this.workers.slots(WORKER_SILENT_MS)) - (await this.runs.countInFlight());
      for (const run of await this.runs.admit(room)) await this.publish(run);
    });
  }

  private publish({ tenantId, runId, attempt }: AdmissibleRun): Promise<void> {
    return this.jobs.ensure('run-pipeline', { tenantId, runId, attempt });
  }
}
