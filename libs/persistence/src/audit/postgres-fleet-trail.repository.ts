import type pg from 'pg';
import { FleetTrailRepository, type AuditEntry, type AuditHead } from '#libs/domain';
import { inTransaction } from '../database/postgres-pool.js';
import { toEntry, type EntryRow } from './postgres-audit.repository.js';

const COLUMNS = 'sequence, content, previous_sha256, sha256';

/** The operators' trail, through the platform's login. */
export class PostgresFleetTrailRepository extends FleetTrailRepository {
  constructor(private readonly pool: pg.Pool) {
    super();
  }

  override async page(limit: number, before?: number): Promise<AuditEntry[]> {
    const { rows } = await inTransaction(this.pool, 'BEGIN READ ONLY', (client) =>
      client.query<EntryRow>(
        `SELECT ${COLUMNS} FROM fleet_audit_entry WHERE $2::bigint IS NULL OR sequence < $2 ORDER BY sequence DESC LIMIT $1`,
        [limit, before ?? null],
      ),
    );
    return rows.map(toEntry);
  }

  override read(): Promise<{ head: AuditHead | undefined; entries: AuditEntry[] }> {
    return inTransaction(this.pool, 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', async (client) => {
      const heads = await client.query<{ sequence: string; sha256: string }>(
        'SELECT sequence, sha256 FROM fleet_audit_head',
      );
      const head = heads.rows.map(({ sequence, sha256 }) => ({ sequence: Number(sequence), sha256 })).at(0);
      const { rows } = await client.query<EntryRow>(
        `SELECT ${COLUMNS} FROM fleet_audit_entry ORDER BY sequence`,
      );
      return { head, entries: rows.map(toEntry) };
    });
  }
}
