import { Logger } from '@nestjs/common';
import {
  cloneTemplate,
  type ArtifactStore,
  type ListStore,
  type ModelRegistryRepository,
  type Tenant,
} from '#libs/domain';

/** Bounds the disk: after a night, files that neither the endpoint nor a rollback needs are removed. */
export class FileCleaner {
  private readonly logger = new Logger(FileCleaner.name);

  constructor(
    private readonly registry: ModelRegistryRepository,
    private readonly artifacts: ArtifactStore,
    private readonly lists: ListStore,
  ) {}

  /** Never fails a run that has been published: what could not be removed is tried again the next night. */
  async clean(tenant: Tenant): Promise<void> {
    try {
      const { listFiles, artifacts } = await this.registry.disposable(
        tenant.id,
        cloneTemplate(tenant.settings).keptVersions,
      );
      for (const file of listFiles) await this.lists.remove(file);
      for (const artifact of artifacts) await this.artifacts.remove(artifact);
    } catch (error) {
      this.logger.warn({ tenant: tenant.slug, err: error }, 'old files could not be removed');
    }
  }
}
