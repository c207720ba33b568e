import { randomBytes, randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { LedgerEntry, TenantId } from '#libs/domain';
import { switchTenantOff } from './erase-tenant.js';
import {
  CUSTOMERS_OF_HASH,
  ENSURE_KEY,
  ENTER_LEDGER,
  INSERT_ERASURE,
  TAKE_ERASURE_LOCK,
  UNFINISHED_OF_CUSTOMER,
} from './erasure-sql.js';

const KEY_BYTES = 32;

/** From here on nobody takes the customer in again; the same customer twice is one erasure while it lasts. */
export async function enterCustomer(
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
export async function announce(client: pg.PoolClient, tenantId: TenantId, topic: string): Promise<void> {
  await client.query('INSERT INTO outbox (tenant_id, message_id, topic, payload) VALUES ($1, $2, $3, $4)', [
    ...[tenantId, randomUUID(), topic, '{}'],
  ]);
}

/** Puts an erasure back that a restored database does not know; answers how many customers were there again. */
export async function replayEntry(client: pg.PoolClient, entry: LedgerEntry): Promise<number> {
  const { tenantId, tenantCreatedAt, erasureId, customer } = entry;
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
}
