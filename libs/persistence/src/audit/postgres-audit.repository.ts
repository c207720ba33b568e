import type pg from 'pg';
import { AuditRepository, type AuditEntry, type AuditHead, type TenantId } from '#libs/domain';
import type { TenantDatabase } from '../database/tenant-database.js';

export interface EntryRow {
  readonly sequence: string;
  readonly content: string;
  readonly previous_sha256: string;
  readonly sha256: string;
}

const COLUMNS = 'sequence, content, previous_sha256, sha256';
/** A chain is as long as the tenant is old: it is never held as a whole. */
const PAGE = 1_000;

export class PostgresAuditRepository extends AuditRepository {
  constructor(private readonly database: TenantDatabase) {
    super();
  }

  override page(tenantId: TenantId, limit: number, before?: number): Promise<AuditEntry[]> {
    return this.database.readSnapshot(tenantId, async (client) => {
      const { rows } = await client.query<EntryRow>(
        `SELECT ${COLUMNS} FROM audit_entry WHERE tenant_id = $1 AND ($3::bigint IS NULL OR sequence < $3)
         ORDER BY sequence DESC LIMIT $2`,
        [tenantId, limit, before ?? null],
      );
      return rows.map(toEntry);
    });
  }

  override read<T>(
    tenantId: TenantId,
    use: (head: AuditHead | undefined, entries: AsyncIterable<AuditEntry>) => Promise<T>,
  ): Promise<T> {
    return this.database.readSnapshot(tenantId, async (client) => {
      const { rows } = await client.query<{ sequence: string; sha256: string }>(
        'SELECT sequence, sha256 FROM audit_head WHERE tenant_id = $1',
        [tenantId],
      );
      const head = rows.map(({ sequence, sha256 }) => ({ sequence: Number(sequence), sha256 })).at(0);
      return use(head, readEntries(client, tenantId));
    });
  }
}

async function* readEntries(client: pg.PoolClient, tenantId: TenantId): AsyncGenerator<AuditEntry> {
  for (let after = 0; ;) {
    const { rows } = await client.query<EntryRow>(
      `SELECT ${COLUMNS} FROM audit_entry WHERE tenant_id = $1 AND sequence > $2 ORDER BY sequence LIMIT ${PAGE}`,
      [tenantId, after],
    );
    for (const row of rows) yield toEntry(row);
    if (rows.length < PAGE) return;
    after = Number(rows[rows.length - 1].sequence);
  }
}

export function toEntry(row: EntryRow): AuditEntry {
  const { content, sha256 } = row;
  return { sequence: Number(row.sequence), content, previousSha256: row.previous_sha256, sha256 };
}
