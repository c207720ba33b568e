import type { FleetErasureRepository } from '#libs/domain';
import type { JobPublisher } from '#libs/jobs';

/** Announces erasures that nobody has claimed, whatever Redis or a worker has forgotten. */
export class ErasureDispatcher {
  constructor(
    private readonly fleet: FleetErasureRepository,
    private readonly jobs: JobPublisher,
  ) {}

  async tick(): Promise<void> {
    for (const job of await this.fleet.claimable()) await this.jobs.ensure('erase-data', job);
  }
}
