import { randomUUID } from 'node:crypto';
import { ConflictError, NightshiftError, NotFoundError } from '../errors/nightshift-error.js';
import type { Tenant } from '../tenants/tenant.js';
import type { ExportEvent, ExportOptions, ListExport } from './list-export.js';
import type { ExportFileStore, ListExportRepository } from './list-export.repository.js';

const MOST_UNFINISHED = 10;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Files of all ranked lists, for campaigns: asked for, looked after, fetched, and on record. */
export class ListExportService {
  constructor(
    private readonly exports: ListExportRepository,
    private readonly files: ExportFileStore,
  ) {}

  /** @throws NightshiftError `tooManyExports` */
  async request(tenant: Tenant, options: ExportOptions, requestedBy: string): Promise<ListExport> {
    if ((await this.exports.countUnfinished(tenant.id)) >= MOST_UNFINISHED) {
      const message = `${MOST_UNFINISHED} exports of this tenant are not finished yet.`;
      throw new NightshiftError('busy', 'tooManyExports', message);
    }
    return this.exports.create(tenant.id, { exportId: randomUUID(), options, requestedBy });
  }

  /** @throws NotFoundError */
  async get(tenant: Tenant, exportId: string): Promise<ListExport> {
    const found = UUID.test(exportId) ? await this.exports.find(tenant.id, exportId) : undefined;
    if (found === undefined) throw new NotFoundError('export', exportId.slice(0, 100));
    return found;
  }

  list(tenant: Tenant, limit: number): Promise<readonly ListExport[]> {
    return this.exports.list(tenant.id, limit);
  }

  async events(tenant: Tenant, exportId: string): Promise<readonly ExportEvent[]> {
    return this.exports.events(tenant.id, (await this.get(tenant, exportId)).exportId);
  }

  /** The file, on record as downloaded. @throws NotFoundError; ConflictError `exportNotFinished`, `exportExpired` */
  async download(
    tenant: Tenant,
    exportId: string,
    actor: string,
  ): Promise<{ found: ListExport; file: AsyncIterable<Uint8Array> }> {
    const found = await this.get(tenant, exportId);
    if (found.status === 'expired') throw new ConflictError('exportExpired', 'The file has been deleted.');
    if (found.status !== 'succeeded')
      throw new ConflictError('exportNotFinished', `The export is ${found.status}: there is no file.`);
    const file = await this.files.open(tenant.id, found.exportId);
    if (file === undefined) throw new NotFoundError('file of the export', exportId);
    await this.exports.record(tenant.id, found.exportId, 'downloaded', actor);
    return { found, file };
  }
}
