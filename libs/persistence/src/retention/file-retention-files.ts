import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  RetentionFiles,
  type Pruned,
  type RetentionPolicy,
  type RetentionRequest,
  type TenantId,
} from '#libs/domain';

const DAY_MS = 86_400_000;
/** A finished export stays for a week and goes with its record's word; what is older was left by something that broke off. */
export const EXPORT_DAYS = 14;

/** Below the state directory: rejected rows and exports. */
export class FileRetentionFiles extends RetentionFiles {
  constructor(private readonly stateDir: string) {
    super();
  }

  override async prune(
    tenantId: TenantId,
    { papers }: RetentionPolicy,
    { now, dryRun }: RetentionRequest,
  ): Promise<Pruned> {
    const old = (days: number) => now.getTime() - days * DAY_MS;
    const rejected = await this.remove(join('imports', String(tenantId)), old(papers), dryRun);
    const exports = await this.remove(join('exports', String(tenantId)), old(EXPORT_DAYS), dryRun);
    return { rejectedRowFiles: rejected, exportFiles: exports };
  }

  private async remove(folder: string, before: number, dryRun: boolean): Promise<number> {
    const path = join(this.stateDir, folder);
    const names = await readdir(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    let count = 0;
    for (const name of names) {
      const file = join(path, name);
      const found = await stat(file).catch(() => undefined);
      if (found === undefined || found.mtimeMs >= before) continue;
      if (!dryRun) await rm(file, { force: true });
      count++;
    }
    return count;
  }
}
