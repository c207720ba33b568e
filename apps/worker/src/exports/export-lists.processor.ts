import { Processor, WorkerHost } from '@nestjs/bullmq';
import { Inject, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { Job } from 'bullmq';
import {
  LeaseLostError,
  NightshiftError,
  TenantRepository,
  type ExportClaim,
  type Tenant,
} from '#libs/domain';
import { EXPORT_QUEUE, type JobName, type JobPayloads } from '#libs/jobs';
import { EXPORT_PACE, exportLists, type ExportPorts } from '#libs/pipeline';

export const EXPORT_PORTS = Symbol('export ports');
const MOST_ATTEMPTS = 5;

/** Writes exports. As with runs, the job only says which one may be claimed: everything that counts is in Postgres. */
@Processor(EXPORT_QUEUE)
export class ExportListsProcessor extends WorkerHost implements OnApplicationBootstrap {
  /** Checked against the registry at boot. */
  static readonly handles: readonly JobName[] = ['export-lists'];
  private readonly logger = new Logger(ExportListsProcessor.name);

  constructor(
    private readonly tenants: TenantRepository,
    @Inject(EXPORT_PORTS) private readonly ports: ExportPorts,
  ) {
    super();
  }

  onApplicationBootstrap(): void {
    // Redis that is away is reported by the readiness check; without a listener each attempt would end the process.
    this.worker.on('error', (error) => this.logger.debug({ err: error }, 'queue connection'));
  }

  override async process({ data }: Job<JobPayloads['export-lists']>): Promise<void> {
    const { tenantId, exportId } = data;
    const tenant = await this.tenants.findById(tenantId);
    const claim = tenant && (await this.ports.exports.claim(tenantId, exportId, EXPORT_PACE.leaseMs));
    if (tenant === undefined || claim === undefined) return;
    const startedMs = performance.now();
    try {
      await exportLists(this.ports, tenant, claim);
      const seconds = (performance.now() - startedMs) / 1000;
      this.logger.log({ tenant: tenant.slug, exportId, seconds }, 'lists exported');
    } catch (error) {
      await this.giveBack(tenant, claim, error);
    }
  }

  private async giveBack(tenant: Tenant, claim: ExportClaim, error: unknown): Promise<void> {
    if (error instanceof LeaseLostError) return;
    this.logger.warn({ tenant: tenant.slug, exportId: claim.exportId, err: error }, 'export failed');
    // Of an unexpected error only the fact is recorded: its text may hold another system's secrets.
    const [code, message] =
      error instanceof NightshiftError
        ? [error.code, error.message]
        : ['internal', 'The export failed unexpectedly.'];
    await this.ports.exports.fail(claim, code, message, claim.attempt < MOST_ATTEMPTS);
  }
}
