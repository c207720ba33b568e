import type pg from 'pg';
import {
  addToReceipt,
  ErasureRepository,
  LeaseLostError,
  NotFoundError,
  type Erasure,
  type ErasureClaim,
  type ErasureSubject,
  type LedgerEntry,
  type ReceiptEntry,
  type Removed,
  type TenantId,
} from '#libs/domain';
import type { TenantDatabase } from '../database/tenant-database.js';
import { toErasure, type ErasureRow } from './erasure-rows.js';
import { announce, enterCustomer, replayEntry } from './enter-ledger.js';
import { eraseTenant, switchTenantOff } from './erase-tenant.js';
import { writeReceipt } from './write-receipt.js';
import {
  BECOME_ERASER,
  CLAIM_ERASURE,
  CUSTOMER_TABLES,
  FINISH,
  FINISH_LEDGER,
  INSERT_ERASURE,
  LOCK_CLAIM,
  POSTPONE,
  RUNNING_IMPORTS,
  WORK_IN_PROGRESS,
} from './erasure-sql.js';

const ERASURES = `
  SELECT e.*, (SELECT COALESCE(json_agg(json_build_object('nodeId', a.node_id, 'acknowledgedAt', a.acknowledged_at)
                                        ORDER BY a.acknowledged_at), '[]')
                 FROM erasure_acknowledgement AS a WHERE a.tenant_id = e.tenant_id AND a.erasure_id = e.erasure_id) AS nodes
    FROM erasure AS e WHERE e.tenant_id = $1`;

export class PostgresErasureRepository extends ErasureRepository {
  constructor(private readonly database: TenantDatabase) {
    super();
  }

  override requestCustomer(
    tenantId: TenantId,
    request: { readonly erasureId: string; readonly customerId: string; readonly requestedBy: string },
  ): Promise<string> {
    return this.database.runBulk(tenantId, (client) => enterCustomer(client, tenantId, request));
  }

  override requestTenant(
    tenantId: TenantId,
    { erasureId, requestedBy }: { readonly erasureId: string; readonly requestedBy: string },
  ): Promise<string> {
    return this.database.runBulk(tenantId, async (client) => {
      await switchTenantOff(client, tenantId, requestedBy);
      const { rows } = await client.query<{ erasure_id: string }>(
        `SELECT erasure_id FROM erasure WHERE tenant_id = $1 AND subject = 'tenant' LIMIT 1`,
        [tenantId],
      );
      if (rows.length > 0) return rows[0].erasure_id;
      await client.query(INSERT_ERASURE, [tenantId, erasureId, 'tenant', null, requestedBy]);
      return erasureId;
    });
  }

  override find(tenantId: TenantId, erasureId: string): Promise<Erasure | undefined> {
    return this.database.runBulk(tenantId, async (client) => {
      const { rows } = await client.query<ErasureRow>(`${ERASURES} AND e.erasure_id = $2`, [
        tenantId,
        erasureId,
      ]);
      return rows.length === 0 ? undefined : toErasure(rows[0]);
    });
  }

  override list(tenantId: TenantId, limit: number): Promise<readonly Erasure[]> {
    return this.database.runBulk(tenantId, async (client) => {
      const sql = `${ERASURES} ORDER BY e.requested_at DESC LIMIT $2`;
      return (await client.query<ErasureRow>(sql, [tenantId, limit])).rows.map(toErasure);
    });
  }

  override claim(tenantId: TenantId, erasureId: string, leaseMs: number): Promise<ErasureClaim | undefined> {
    return this.database.runBulk(tenantId, async (client) => {
      const { rows } = await client.query<{
        attempt: number;
        subject: ErasureSubject;
        customer_id: string | null;
        requested_by: string;
        requested_at: Date;
      }>(CLAIM_ERASURE, [tenantId, erasureId, leaseMs]);
      if (rows.length === 0) return undefined;
      const { attempt, subject, customer_id, requested_by, requested_at } = rows[0];
      return {
        ...{ tenantId, erasureId, attempt, subject },
        customerId: customer_id ?? undefined,
        requestedBy: requested_by,
        requestedAt: requested_at,
      };
    });
  }

  override ledgerEntry({ tenantId, erasureId, customerId, requestedAt }: ErasureClaim): Promise<LedgerEntry> {
    return this.database.runBulk(tenantId, async (client) => {
      const { rows } = await client.query<{ created_at: Date; key: Buffer | null; hash: Buffer | null }>(
        `SELECT t.created_at, k.key, erased_hash(k.key, $2) AS hash
           FROM tenant AS t LEFT JOIN erasure_key AS k ON k.tenant_id = t.id WHERE t.id = $1`,
        [tenantId, customerId ?? null],
      );
      if (rows.length === 0) throw new NotFoundError('tenant', String(tenantId));
      const [{ created_at, key, hash }] = rows;
      const entry = { tenantId, tenantCreatedAt: created_at.toISOString(), erasureId };
      const erasedAt = requestedAt.toISOString();
      return hash === null || key === null
        ? { ...entry, erasedAt }
        : { ...entry, erasedAt, customer: { hash: hash.toString('hex'), key: key.toString('hex') } };
    });
  }

  override eraseCustomerRows(claim: ErasureClaim): Promise<number> {
    return this.holding(claim, async (client, receipt) => {
      await client.query(BECOME_ERASER);
      const removed: Removed[] = [];
      for (const table of CUSTOMER_TABLES) {
        const sql = `DELETE FROM ${table} WHERE tenant_id = $1 AND customer_id = $2`;
        const { rowCount } = await client.query(sql, [claim.tenantId, claim.customerId]);
        removed.push({ store: 'postgres', what: table, count: rowCount ?? 0 });
      }
      await client.query('RESET ROLE');
      await writeReceipt(client, claim, addToReceipt(receipt, removed, new Date()));
      return removed.reduce((sum, { count }) => sum + count, 0);
    });
  }

  override async eraseTenantRows(claim: ErasureClaim): Promise<void> {
    await eraseTenant(this.database, claim, (work) => this.holding(claim, work));
  }

  override note(claim: ErasureClaim, removed: readonly Removed[]): Promise<void> {
    return this.holding(claim, (client, receipt) =>
      writeReceipt(client, claim, addToReceipt(receipt, removed, new Date())),
    );
  }

  override blockedBy({ tenantId }: ErasureClaim): Promise<string | undefined> {
    return this.database.runBulk(tenantId, async (client) => {
      const { rows } = await client.query<{ what: string }>(WORK_IN_PROGRESS, [tenantId]);
      if (rows.length > 0) return rows[0].what;
      const imports = await client.query<{ import_id: string; is_young: boolean }>(RUNNING_IMPORTS, [
        tenantId,
      ]);
      for (const { import_id, is_young } of imports.rows) {
        // Whoever gets the lock of an import knows that it is over; a very young one may not have it yet.
        const lock = await client.query<{ free: boolean }>(
          'SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS free',
          [import_id],
        );
        if (is_young || !lock.rows[0].free) return 'import';
      }
      return undefined;
    });
  }

  override replaceListFile(
    claim: ErasureClaim,
    { from, to, sha256 }: { readonly from: string; readonly to: string; readonly sha256: string },
  ): Promise<'replaced' | 'unused'> {
    const { tenantId } = claim;
    return this.holding(claim, async (client) => {
      // The tenant's row first, as in publish and rollback: the pointer moves before this or after it.
      await client.query('SELECT FROM tenant WHERE id = $1 FOR UPDATE', [tenantId]);
      await client.query(BECOME_ERASER);
      const published = await client.query(
        'UPDATE publication SET list_file = $3, list_sha256 = $4 WHERE tenant_id = $1 AND list_file = $2',
        [tenantId, from, to, sha256],
      );
      // Not the moment: for how long these lists have been served is what freshness is measured by.
      const pointed = await client.query(
        'UPDATE serving_pointer SET list_file = $3, revision = revision + 1 WHERE tenant_id = $1 AND list_file = $2',
        [tenantId, from, to],
      );
      await client.query('RESET ROLE');
      if (pointed.rowCount === 1) await announce(client, tenantId, 'pointer.moved');
      return (published.rowCount ?? 0) + (pointed.rowCount ?? 0) > 0 ? 'replaced' : 'unused';
    });
  }

  override postpone(claim: ErasureClaim, waitingFor: string, forMs: number): Promise<void> {
    const { tenantId, erasureId, attempt } = claim;
    return this.database.runBulk(tenantId, async (client) => {
      await client.query(POSTPONE, [tenantId, erasureId, attempt, waitingFor, forMs]);
    });
  }

  override finish(claim: ErasureClaim): Promise<void> {
    const { tenantId, erasureId, attempt } = claim;
    return this.holding(claim, async (client) => {
      await client.query(FINISH, [tenantId, erasureId, attempt]);
      await client.query(FINISH_LEDGER, [tenantId, erasureId]);
    });
  }

  override replay(entry: LedgerEntry): Promise<number> {
    return this.database.runBulk(entry.tenantId, (client) => replayEntry(client, entry));
  }

  /** Work that only the newest attempt may do. @throws LeaseLostError */
  private holding<T>(
    claim: ErasureClaim,
    work: (client: pg.PoolClient, receipt: readonly ReceiptEntry[]) => Promise<T>,
  ): Promise<T> {
    const { tenantId, erasureId, attempt } = claim;
    return this.database.runBulk(tenantId, async (client) => {
      const values = [tenantId, erasureId, attempt];
      const { rows } = await client.query<{ receipt: ReceiptEntry[] }>(LOCK_CLAIM, values);
      if (rows.length === 0) throw new LeaseLostError(erasureId);
      return work(client, rows[0].receipt);
    });
  }
}
