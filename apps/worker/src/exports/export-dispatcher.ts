import type { ExportFileStore, FleetExportRepository, ListExportRepository } from '#libs/domain';
import type { JobPublisher } from '#libs/jobs';

/** Announces exports that nobody has claimed, whatever Redis or a worker has forgotten; and deletes files that are due. */
export class ExportDispatcher {
  constructor(
    private readonly fleet: FleetExportRepository,
    private readonly exports: ListExportRepository,
    private readonly files: ExportFileStore,
    private readonly jobs: JobPublisher,
  ) {}

  async tick(): Promise<void> {
    for (const job of await this.fleet.claimable()) await this.jobs.ensure('export-lists', job);
  }

  /** The file first: a record that says "deleted" must be true. */
  async sweep(): Promise<void> {
    for (const { tenantId, exportId } of await this.fleet.expired()) {
      await this.files.remove(tenantId, exportId);
      await this.exports.expire(tenantId, exportId);
    }
  }
}
