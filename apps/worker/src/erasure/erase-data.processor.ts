import { Processor, WorkerHost } from '@nestjs/bullmq';
import { Inject, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { Job } from 'bullmq';
import { erase, ERASURE_PACE, LeaseLostError, type ErasureClaim, type ErasurePorts } from '#libs/domain';
import { ERASURE_QUEUE, type JobName, type JobPayloads } from '#libs/jobs';

export const ERASURE_PORTS = Symbol('erasure ports');

/** Erases customers and tenants. The job only says which erasure may be claimed: everything that counts is in Postgres. */
@Processor(ERASURE_QUEUE)
export class EraseDataProcessor extends WorkerHost implements OnApplicationBootstrap {
  /** Checked against the registry at boot. */
  static readonly handles: readonly JobName[] = ['erase-data'];
  private readonly logger = new Logger(EraseDataProcessor.name);

  constructor(@Inject(ERASURE_PORTS) private readonly ports: ErasurePorts) {
    super();
  }

  onApplicationBootstrap(): void {
    // Redis that is away is reported by the readiness check; without a listener each attempt would end the process.
    this.worker.on('error', (error) => this.logger.debug({ err: error }, 'queue connection'));
  }

  override async process({ data }: Job<JobPayloads['erase-data']>): Promise<void> {
    const { tenantId, erasureId } = data;
    const claim = await this.ports.erasures.claim(tenantId, erasureId, ERASURE_PACE.leaseMs);
    if (claim === undefined) return;
    try {
      const waitingFor = await erase(this.ports, claim);
      const { subject } = claim;
      this.logger.log({ erasureId, subject, waitingFor }, waitingFor === undefined ? 'erased' : 'must wait');
    } catch (error) {
      await this.tryLater(claim, error);
    }
  }

  /** For as long as it takes: an erasure is never given up. */
  private async tryLater(claim: ErasureClaim, error: unknown): Promise<void> {
    if (error instanceof LeaseLostError) return;
    this.logger.error({ erasureId: claim.erasureId, err: error }, 'erasure failed, will be tried again');
    await this.ports.erasures.postpone(claim, 'anotherAttempt', 60_000);
  }
}
