import { Logger } from '@nestjs/common';
import {
  findLeftovers,
  LEFTOVER_GRACE_MS,
  removeLeftovers,
  type ArtifactStore,
  type ListStore,
  type ModelRegistryRepository,
  type Tenant,
} from '#libs/domain';

/** Bounds the disk after each night. */
export class FileCleaner {
  private readonly logger = new Logger(FileCleaner.name);

  constructor(
    private readonly registry: ModelRegistryRepository,
    private readonly artifacts: ArtifactStore,
    private readonly lists: ListStore,
    private readonly graceMs: number = LEFTOVER_GRACE_MS,
  ) {}

  /** Never fails a run that has been published: what could not be removed is tried again the next night. */
  async clean(tenant: Tenant, now = Date.now()): Promise<void> {
    try {
      const { registry, artifacts, lists } = this;
      const leftovers = await findLeftovers({ registry, artifacts, lists }, tenant, now, this.graceMs);
      await removeLeftovers({ artifacts, lists }, leftovers);
    } catch (error) {
      this.logger.warn({ tenant: tenant.slug, err: error }, 'old files could not be removed');
    }
  }
}
