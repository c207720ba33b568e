import { Logger } from '@nestjs/common';
import {
  cloneTemplate,
  type ArtifactStore,
  type ListStore,
  type ModelRegistryRepository,
  type StoredFile,
  type Tenant,
} from '#libs/domain';

/**
 * How long a file stays after nobody needs it any more. A serving node that is cut off from Postgres goes on with, and may
 * start again from, the pointers that it knew: their files must still be there.
 */
const GRACE_MS = 48 * 3_600_000;

/**
 * Bounds the disk. It starts from what lies on the disk, not from what the registry remembers: files of lost attempts,
 * superseded nights and recipes that were never registered have no row.
 */
export class FileCleaner {
  private readonly logger = new Logger(FileCleaner.name);

  constructor(
    private readonly registry: ModelRegistryRepository,
    private readonly artifacts: ArtifactStore,
    private readonly lists: ListStore,
    private readonly graceMs: number = GRACE_MS,
  ) {}

  /** Never fails a run that has been published: what could not be removed is tried again the next night. */
  async clean(tenant: Tenant, now = Date.now()): Promise<void> {
    try {
      const { keptVersions } = cloneTemplate(tenant.settings);
      const kept = await this.registry.keptFiles(tenant.id, keptVersions);
      const isOld = ({ changedAt }: StoredFile) => now - changedAt.getTime() > this.graceMs;
      for (const file of (await this.lists.list(`${tenant.id}`)).filter(isOld)) {
        if (!kept.listFiles.has(file.name)) await this.lists.remove(file.name);
      }
      const folder = `tenants/${tenant.id}`;
      for (const file of (await this.artifacts.list(`${folder}/models`)).filter(isOld)) {
        if (!kept.artifacts.has(file.name)) await this.artifacts.remove(file.name);
      }
      for (const run of (await this.artifacts.list(`${folder}/runs`)).filter(isOld)) {
        if (run.name !== `${folder}/runs/${kept.activeRunId}`) await this.artifacts.removeFolder(run.name);
      }
    } catch (error) {
      this.logger.warn({ tenant: tenant.slug, err: error }, 'old files could not be removed');
    }
  }
}
