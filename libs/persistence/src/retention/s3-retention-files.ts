import {
  RetentionFiles,
  type Pruned,
  type RetentionPolicy,
  type RetentionRequest,
  type TenantId,
} from '#libs/domain';
import type { ObjectStorage } from '../objects/object-storage.js';
import { EXPORT_DAYS } from './file-retention-files.js';

const DAY_MS = 86_400_000;

/** In a bucket: rejected rows and exports. */
export class S3RetentionFiles extends RetentionFiles {
  constructor(private readonly objects: ObjectStorage) {
    super();
  }

  override async prune(
    tenantId: TenantId,
    { papers }: RetentionPolicy,
    request: RetentionRequest,
  ): Promise<Pruned> {
    return {
      rejectedRowFiles: await this.remove(`imports/${tenantId}/`, papers, request),
      exportFiles: await this.remove(`exports/${tenantId}/`, EXPORT_DAYS, request),
    };
  }

  private async remove(beginning: string, days: number, { now, dryRun }: RetentionRequest): Promise<number> {
    const before = now.getTime() - days * DAY_MS;
    const found = await this.objects.list(beginning);
    const keys = found.filter(({ changedAt }) => changedAt.getTime() < before).map(({ key }) => key);
    if (!dryRun) await this.objects.remove(keys);
    return keys.length;
  }
}
