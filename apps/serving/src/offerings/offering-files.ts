import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServedOffering, TenantId } from '#libs/domain';

const FORMAT_VERSION = 1;

/** What each tenant offers, on this node's own disk, one file each: a change of one tenant writes little. */
export class OfferingFiles {
  private readonly folder: string;

  constructor(stateDirectory: string) {
    this.folder = join(stateDirectory, 'serving', 'offerings');
  }

  /** Replaced in one step: a reader finds the old file or the new one. */
  async save(offering: ServedOffering): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const path = this.pathOf(offering.tenantId);
    const temporary = `${path}.tmp-${randomUUID()}`;
    try {
      const file = await open(temporary, 'wx', 0o600);
      try {
        await file.writeFile(JSON.stringify({ formatVersion: FORMAT_VERSION, offering }));
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  /** @param onUnusable is told of files that cannot be read; the others count */
  async load(onUnusable: (path: string, error: unknown) => void): Promise<ServedOffering[]> {
    const names = await readdir(this.folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    const offerings: ServedOffering[] = [];
    for (const name of names.filter((file) => /^\d+\.json$/.test(file))) {
      const path = join(this.folder, name);
      try {
        const { formatVersion, offering } = JSON.parse(await readFile(path, 'utf8')) as {
          formatVersion: number;
          offering: ServedOffering;
        };
        if (formatVersion !== FORMAT_VERSION) throw new Error(`Format ${formatVersion} is not known.`);
        offerings.push(offering);
      } catch (error) {
        onUnusable(path, error);
      }
    }
    return offerings;
  }

  async remove(tenantId: TenantId): Promise<void> {
    await rm(this.pathOf(tenantId), { force: true });
  }

  private pathOf(tenantId: TenantId): string {
    return join(this.folder, `${tenantId}.json`);
  }
}
