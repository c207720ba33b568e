import {
  NotFoundError,
  TenantSettingsRepository,
  type SettingsWrite,
  type StoredSettings,
  type TenantId,
} from '#libs/domain';
import type { Statement } from '../database/one-statement.js';
import type { TenantDatabase } from '../database/tenant-database.js';
import { HISTORY_COLUMNS, toNightHistory, type HistoryRow } from './night-history.js';
import { TENANT_COLUMNS, toTenant, type TenantRow } from './tenant-row.js';

type StoredRow = TenantRow & HistoryRow & { readonly settings_version: number };

const COLUMNS = `${TENANT_COLUMNS}, settings_version, ${HISTORY_COLUMNS}`;
const READ: Statement = { name: 'settings.read', text: `SELECT ${COLUMNS} FROM tenant WHERE id = $1` };

export class PostgresTenantSettingsRepository extends TenantSettingsRepository {
  constructor(private readonly database: TenantDatabase) {
    super();
  }

  override async read(tenantId: TenantId): Promise<StoredSettings> {
    return stored(await this.database.runOne<StoredRow>(tenantId, READ, [tenantId]), tenantId);
  }

  override change(tenantId: TenantId, write: SettingsWrite): Promise<StoredSettings | undefined> {
    return this.database.runBulk(tenantId, async (client) => {
      const { rows } = await client.query<StoredRow>(`${READ.text} FOR UPDATE`, [tenantId]);
      const { tenant, version } = stored(rows, tenantId);
      if (write.expectedVersion !== undefined && write.expectedVersion !== version) return undefined;
      const { settings, timeZone } = write.next(tenant);
      await client.query(`SELECT set_config('app.reason', $1, true)`, [write.reason]);
      // Numbers the settings and writes the audit trail, unless everything is as it was.
      const changed = await client.query<StoredRow>(
        `UPDATE tenant SET settings = $2, time_zone = $3 WHERE id = $1 RETURNING ${COLUMNS}`,
        [tenantId, JSON.stringify(settings), timeZone],
      );
      return stored(changed.rows, tenantId);
    });
  }
}

function stored([row]: readonly StoredRow[], tenantId: TenantId): StoredSettings {
  if (row === undefined) throw new NotFoundError('tenant', String(tenantId));
  return { tenant: toTenant(row), version: row.settings_version, history: toNightHistory(row) };
}
