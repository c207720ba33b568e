import { OperatorVisitRepository, type OperatorVisit, type TenantId } from '#libs/domain';
import type { AccountsDatabase } from './accounts-database.js';
import { toVisit, type VisitRow } from './account-rows.js';

export class PostgresOperatorVisitRepository extends OperatorVisitRepository {
  constructor(private readonly database: AccountsDatabase) {
    super();
  }

  override async start(visit: Parameters<OperatorVisitRepository['start']>[0]): Promise<void> {
    const { visitId, tenantId, accountId, operator, reason, startedAt, until } = visit;
    await this.database.run((client) =>
      client.query(
        `INSERT INTO operator_visit (tenant_id, visit_id, account_id, operator, reason, started_at, until)
         VALUES ($1, $2, $3, $4, $5, $6, $7)`,
        [tenantId, visitId, accountId, operator, reason, startedAt, until],
      ),
    );
  }

  override end(accountId: string, visitId: string, at: Date): Promise<boolean> {
    return this.database.run(async (client) => {
      const { rowCount } = await client.query(
        `UPDATE operator_visit SET ended_at = $3
         WHERE account_id = $1 AND visit_id = $2 AND ended_at IS NULL AND until > $3`,
        [accountId, visitId, at],
      );
      return rowCount === 1;
    });
  }

  override async list(tenantId: TenantId, limit: number): Promise<OperatorVisit[]> {
    const { rows } = await this.database.query<VisitRow>(
      `SELECT v.*, t.slug, t.name AS tenant_name FROM operator_visit v JOIN tenant t ON t.id = v.tenant_id
       WHERE v.tenant_id = $1 ORDER BY v.started_at DESC LIMIT $2`,
      [tenantId, limit],
    );
    return rows.map(toVisit);
  }
}
