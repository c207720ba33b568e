import { DataQualityRepository, type DataQualityReport, type RunLease, type TenantId } from '#libs/domain';
import type { DataQualityReport as ReportRow, Prisma } from '../generated/client.js';
import type { TenantDatabase } from '../database/tenant-database.js';
import { lockLease } from '../runs/lease-check.js';

export class PostgresDataQualityRepository extends DataQualityRepository {
  constructor(private readonly database: TenantDatabase) {
    super();
  }

  override async latestPassed(tenantId: TenantId): Promise<DataQualityReport | undefined> {
    const query = { where: { tenantId, passed: true }, orderBy: { createdAt: 'desc' as const } };
    const row = await this.database.run(tenantId, (prisma) => prisma.dataQualityReport.findFirst(query));
    return row === null ? undefined : toReport(row);
  }

  override async find(tenantId: TenantId, runId: string): Promise<DataQualityReport | undefined> {
    const where = { tenantId_runId: { tenantId, runId } };
    const row = await this.database.run(tenantId, (prisma) => prisma.dataQualityReport.findUnique({ where }));
    return row === null ? undefined : toReport(row);
  }

  override save(lease: RunLease, report: DataQualityReport): Promise<void> {
    const { tenantId, runId } = lease;
    return this.database.run(tenantId, async (prisma) => {
      await lockLease(prisma, lease);
      // The report of a run that starts its validation again is the same: it is written once.
      const known = await prisma.dataQualityReport.findUnique({
        where: { tenantId_runId: { tenantId, runId } },
      });
      if (known !== null) return;
      const numbers = report.numbers as unknown as Prisma.InputJsonObject;
      const findings = report.findings as unknown as Prisma.InputJsonArray;
      await prisma.dataQualityReport.create({
        data: { tenantId, runId, passed: report.passed, numbers, findings },
      });
    });
  }
}

function toReport({ passed, numbers, findings }: ReportRow): DataQualityReport {
  return { passed, numbers, findings } as unknown as DataQualityReport;
}
