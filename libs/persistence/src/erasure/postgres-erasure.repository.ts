import { randomBytes, randomUUID } from 'node:crypto';
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
import { eraseTenant, switchTenantOff } from './erase-tenant.js';
import { writeReceipt } from './write-receipt.js';
import {
  BECOME_ERASER,
  CLAIM_ERASURE,
  CUSTOMER_TABLES,
  CUSTOMERS_OF_HASH,
  ENSURE_KEY,
  ENTER_LEDGER,
  FINISH,
  FINISH_LEDGER,
  INSERT_ERASURE,
  LOCK_CLAIM,
  POSTPONE,
  RUNNING_IMPORTS,
  TAKE_ERASURE_LOCK,
  UNFINISHED_OF_CUSTOMER,
  WORK_IN_PROGRESS,
} from './erasure-sql.js';

const KEY_BYTES = 32;
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

  override async replay(entry: LedgerEntry): Promise<number> {
    const { tenantId, tenantCreatedAt, erasureId, customer } = entry;
    return this.database.runBulk(tenantId, async (client) => {
      const same = await client.query('SELECT FROM tenant WHERE id = $1 AND created_at = $2', [
        tenantId,
        tenantCreatedAt,
      ]);
      if (same.rowCount === 0) return 0;
      if (customer === undefined) {
        await switchTenantOff(client, tenantId, 'replay after a restore');
        await client.query(`${INSERT_ERASURE} ON CONFLICT DO NOTHING`, [
          ...[tenantId, erasureId, 'tenant', null, 'replay'],
        ]);
        return 1;
      }
      const [hash, key] = [Buffer.from(customer.hash, 'hex'), Buffer.from(customer.key, 'hex')];
      await client.query(TAKE_ERASURE_LOCK, [tenantId]);
      await client.query(ENSURE_KEY, [tenantId, key]);
      const { rows } = await client.query<{ customer_id: string }>(CUSTOMERS_OF_HASH, [tenantId, hash, key]);
      for (const { customer_id } of rows) {
        const request = { erasureId: randomUUID(), customerId: customer_id, requestedBy: 'replay' };
        await enterCustomer(client, tenantId, request);
      }
      if (rows.length === 0)
        await client.query(
          `INSERT INTO erased_customer (tenant_id, customer_hash, erasure_id, erased_at, finished_at)
           VALUES ($1, $2, $3, $4, now()) ON CONFLICT DO NOTHING`,
          [tenantId, hash, erasureId, entry.erasedAt],
        );
      return rows.length;
    });
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

async function enterCustomer(
  client: pg.PoolClient,
  tenantId: TenantId,
  request: { readonly erasureId: string; readonly customerId: string; readonly requestedBy: string },
): Promise<string> {
  const { erasureId, customerId, requestedBy } = request;
  await client.query(TAKE_ERASURE_LOCK, [tenantId]);
  const unfinished = await client.query<{ erasure_id: string }>(UNFINISHED_OF_CUSTOMER, [
    tenantId,
    customerId,
  ]);
  if (unfinished.rows.length > 0) return unfinished.rows[0].erasure_id;
  await client.query(ENSURE_KEY, [tenantId, randomBytes(KEY_BYTES)]);
  await client.query(INSERT_ERASURE, [tenantId, erasureId, 'customer', customerId, requestedBy]);
  await client.query(ENTER_LEDGER, [tenantId, erasureId, customerId]);
  await announce(client, tenantId, 'customer.erased');
  return erasureId;
}

/** Serving nodes look at once; the message itself says nothing. */
async function announce(client: pg.PoolClient, tenantId: TenantId, topic: string): Promise<void> {
  await client.query('INSERT INTO outbox (tenant_id, message_id, topic, payload) VALUES ($1, $2, $3, $4)', [
    ...[tenantId, randomUUID(), topic, '{}'],
  ]);
}
