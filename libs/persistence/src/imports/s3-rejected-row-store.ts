import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RejectedRowStore, RejectedRowWriter, TenantId } from '#libs/domain';
import type { ObjectStorage } from '../objects/object-storage.js';
import { FileRejectedRowStore } from './file-rejected-row-store.js';

/** Rejected rows in a bucket, under the path that they have below a state directory. */
export class S3RejectedRowStore implements RejectedRowStore {
  /** Where a file grows until it is sent. */
  private readonly spool: string;
  private readonly local: FileRejectedRowStore;

  constructor(
    stateDir: string,
    private readonly objects: ObjectStorage,
  ) {
    this.spool = join(stateDir, 'import-spool');
    this.local = new FileRejectedRowStore(this.spool);
  }

  create(tenantId: TenantId, importId: string): RejectedRowWriter {
    const writer = this.local.create(tenantId, importId);
    let sent: string | undefined;
    return {
      write: (rejected) => writer.write(rejected),
      drain: () => writer.drain(),
      finish: async () => {
        const path = await writer.finish();
        if (path === undefined || sent !== undefined) return path;
        await this.objects.put(path, (await this.local.open(tenantId, importId)) ?? []);
        sent = path;
        await rm(join(this.spool, path), { force: true });
        return path;
      },
      discard: async () => {
        await writer.discard();
        if (sent !== undefined) await this.objects.remove([sent]);
      },
    };
  }

  async open(tenantId: TenantId, importId: string): Promise<AsyncIterable<Uint8Array> | undefined> {
    return (await this.objects.get(`imports/${tenantId}/${importId}.rejected.ndjson`))?.body;
  }
}
