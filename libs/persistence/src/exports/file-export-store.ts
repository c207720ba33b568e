import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  ExportFileStore,
  type ExportFormat,
  type ExportRow,
  type ExportWriter,
  type TenantId,
} from '#libs/domain';
import { createFolder, syncDirectory } from '../lists/sync-directory.js';
import { openParquetRows } from './parquet-rows.js';
import { openTextRows, toCsv, toNdjson, type RowSink } from './text-rows.js';

/** `exports/<tenant>/<export>.rows` below the state directory; what the file is, the record of the export says. */
export class FileExportStore extends ExportFileStore {
  constructor(private readonly stateDir: string) {
    super();
  }

  override async create(
    tenantId: TenantId,
    exportId: string,
    attempt: number,
    format: ExportFormat,
  ): Promise<ExportWriter> {
    const folder = this.folder(tenantId);
    await createFolder(folder);
    const target = join(folder, `${exportId}.rows`);
    const partial = join(folder, `${exportId}.${attempt}.part`);
    return new FileExportWriter(await openRows(partial, format), partial, target, folder);
  }

  override async open(tenantId: TenantId, exportId: string): Promise<AsyncIterable<Uint8Array> | undefined> {
    const path = join(this.folder(tenantId), `${exportId}.rows`);
    const isThere = await access(path).then(
      () => true,
      () => false,
    );
    return isThere ? (createReadStream(path) as AsyncIterable<Uint8Array>) : undefined;
  }

  override async remove(tenantId: TenantId, exportId: string): Promise<void> {
    const folder = this.folder(tenantId);
    const names = await readdir(folder).catch(() => [] as string[]);
    for (const name of names.filter((one) => one.startsWith(`${exportId}.`))) await rm(join(folder, name));
  }

  private folder(tenantId: TenantId): string {
    return join(this.stateDir, 'exports', String(tenantId));
  }
}

function openRows(path: string, format: ExportFormat): Promise<RowSink> {
  if (format === 'parquet') return openParquetRows(path);
  return openTextRows(path, format === 'csv' ? toCsv : toNdjson);
}

class FileExportWriter implements ExportWriter {
  constructor(
    private readonly sink: RowSink,
    private readonly partial: string,
    private readonly target: string,
    private readonly folder: string,
  ) {}

  write(rows: readonly ExportRow[]): Promise<void> {
    return this.sink.write(rows);
  }

  async finish(): Promise<{ bytes: number; sha256: string }> {
    await this.sink.close();
    const handle = await open(this.partial, 'r');
    await handle.sync();
    await handle.close();
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const chunk of createReadStream(this.partial) as AsyncIterable<Uint8Array>) {
      hash.update(chunk);
      bytes += chunk.length;
    }
    await rename(this.partial, this.target);
    await syncDirectory(this.folder);
    return { bytes, sha256: hash.digest('hex') };
  }

  async discard(): Promise<void> {
    await this.sink.close().catch(() => undefined);
    await rm(this.partial, { force: true });
  }
}
