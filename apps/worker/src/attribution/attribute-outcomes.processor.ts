import { Processor, WorkerHost } from '@nestjs/bullmq';
import { Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { Job } from 'bullmq';
import { AttributionService, TenantRepository, TriggerService } from '#libs/domain';
import { ATTRIBUTION_QUEUE, type JobName, type JobPayloads } from '#libs/jobs';
import { TriggerCounter } from './trigger-counter.js';

/**
 * Ties a tenant's purchases to recommendations, and looks then whether what has come since its last training should wait for
 * the night. One that fails is asked for again by the planner.
 */
@Processor(ATTRIBUTION_QUEUE)
export class AttributeOutcomesProcessor extends WorkerHost implements OnApplicationBootstrap {
  /** Checked against the registry at boot. */
  static readonly handles: readonly JobName[] = ['attribute-outcomes'];
  private readonly logger = new Logger(AttributeOutcomesProcessor.name);

  constructor(
    private readonly tenants: TenantRepository,
    private readonly attribution: AttributionService,
    private readonly triggers: TriggerService,
    private readonly triggered: TriggerCounter,
  ) {
    super();
  }

  onApplicationBootstrap(): void {
    // Redis that is away is reported by the readiness check; without a listener each attempt would end the process.
    this.worker.on('error', (error) => this.logger.debug({ err: error }, 'queue connection'));
  }

  override async process({ data }: Job<JobPayloads['attribute-outcomes']>): Promise<void> {
    const tenant = await this.tenants.findById(data.tenantId);
    if (tenant === undefined) return;
    const startedMs = performance.now();
    const report = await this.attribution.attribute(tenant);
    const seconds = (performance.now() - startedMs) / 1000;
    if (report !== undefined) this.logger.log({ tenant: tenant.slug, ...report, seconds }, 'days counted');
    const run = await this.triggers.check(tenant);
    if (run === undefined) return;
    this.triggered.count(run.trigger);
    this.logger.log({ tenant: tenant.slug, runId: run.runId, figures: run.figures }, `run: ${run.reason}`);
  }
}
