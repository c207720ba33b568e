import type { FleetTenantRepository, Leadership } from '#libs/domain';
import type { JobPublisher } from '#libs/jobs';

/** Asks for an attribution of every tenant; where nothing was recorded since the last one, that is one look. */
export class AttributionPlanner {
  constructor(
    private readonly tenants: FleetTenantRepository,
    private readonly jobs: JobPublisher,
    private readonly leadership: Leadership,
  ) {}

  /** Redis is asked after the lock is given back, as by the dispatcher. */
  async tick(): Promise<void> {
    const tenants = await this.leadership.ifLeader('attribution', () => this.tenants.list());
    for (const { id } of tenants ?? []) await this.jobs.ensure('attribute-outcomes', { tenantId: id });
  }
}
