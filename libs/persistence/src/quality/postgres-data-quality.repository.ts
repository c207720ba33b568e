import {
  DataQualityRepository,
  LeaseLostError,
  type DataQualityReport,
  type RunLease,
  type TenantId,
} from '#libs/domain';
import type { DataQualityReport as ReportRow } from '../generated/client.js';
import type { Statement } from '../database/one-statement.js';
import type { TenantDatabase } from '../database/tenant-database.js';
import { MINE } from '../runs/run-statements.js';

const LATEST_PASSED: Statement = {
  name: 'quality.latest-passed',
  text: `SELECT passed, numbers, findings FROM data_quality_report
    WHERE tenant_id = $1 AND passed ORDER BY created_at DESC LIMIT 1`,
};

/** The report of a run that starts its validation again is the same: it is written once. */
const SAVE: Statement = {
  name: 'quality.save',
  text: `
    WITH ${MINE},
    saved AS (
      INSERT INTO data_quality_report (tenant_id, run_id, passed, numbers, findings)
      SELECT tenant_id, run_id, $4::boolean, $5::jsonb, $6::jsonb FROM mine ON CONFLICT (tenant_id, run_id) DO NOTHING)
    SELECT EXISTS (SELECT FROM mine) AS held`,
};

export class PostgresDataQualityRepository extends DataQualityRepository {
  constructor(private readonly database: TenantDatabase) {
    super();
  }

  override async latestPassed(tenantId: TenantId): Promise<DataQualityReport | undefined> {
    const [report] = await this.database.runOne<DataQualityReport>(tenantId, LATEST_PASSED, [tenantId]);
    return report;
  }

  override async find(tenantId: TenantId, runId: string): Promise<DataQualityReport | undefined> {
    const where = { tenantId_runId: { tenantId, runId } };
    const row = await this.database.run(tenantId, (prisma) => prisma.dataQualityReport.findUnique({ where }));
    return row === null ? undefined : toReport(row);
  }

  override async save({ tenantId, runId, fencingToken }: RunLease, report: DataQualityReport): Promise<void> {
    const { passed, numbers, findings } = report;
    const json = [numbers, findings].map((value) => JSON.stringify(value));
    const values = [tenantId, runId, fencingToken, passed, ...json];
    const [{ held }] = await this.database.runOne<{ held: boolean }>(tenantId, SAVE, values);
    if (!held) throw new LeaseLostError(runId);
  }
}

function toReport({ passed, numbers, findings }: ReportRow): DataQualityReport {
  return { passed, numbers, findings } as unknown as DataQualityReport;
}
