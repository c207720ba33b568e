import { join } from 'node:path';
import { ExportFileStore, type ExportFormat, type ExportWriter, type TenantId } from '#libs/domain';
import type { ObjectStorage } from '../objects/object-storage.js';
import { FileExportStore } from './file-export-store.js';

const keyOf = (tenantId: TenantId, exportId: string): string => `exports/${tenantId}/${exportId}.rows`;

/** Exports in a bucket: written by any worker, fetched through any control host. */
export class S3ExportStore extends ExportFileStore {
  /** Where a file grows until it is sent. */
  private readonly local: FileExportStore;

  constructor(
    stateDir: string,
    private readonly objects: ObjectStorage,
  ) {
    super();
    this.local = new FileExportStore(join(stateDir, 'export-spool'));
  }

  override async create(
    tenantId: TenantId,
    exportId: string,
    attempt: number,
    format: ExportFormat,
  ): Promise<ExportWriter> {
    const writer = await this.local.create(tenantId, exportId, attempt, format);
    return {
      write: (rows) => writer.write(rows),
      discard: () => writer.discard(),
      finish: async () => {
        const finished = await writer.finish();
        try {
          await this.objects.put(
            keyOf(tenantId, exportId),
            (await this.local.open(tenantId, exportId)) ?? [],
          );
        } finally {
          await this.local.remove(tenantId, exportId);
        }
        return finished;
      },
    };
  }

  override async open(tenantId: TenantId, exportId: string): Promise<AsyncIterable<Uint8Array> | undefined> {
    return (await this.objects.get(keyOf(tenantId, exportId)))?.body;
  }

  override async remove(tenantId: TenantId, exportId: string): Promise<void> {
    await this.local.remove(tenantId, exportId);
    await this.objects.remove([keyOf(tenantId, exportId)]);
  }
}
