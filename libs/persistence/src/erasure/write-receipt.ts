import type pg from 'pg';
import type { ErasureClaim, ReceiptEntry } from '#libs/domain';
import { WRITE_RECEIPT } from './erasure-sql.js';

export async function writeReceipt(
  client: pg.PoolClient,
  { tenantId, erasureId }: ErasureClaim,
  receipt: readonly ReceiptEntry[],
): Promise<void> {
  await client.query(WRITE_RECEIPT, [tenantId, erasureId, JSON.stringify(receipt)]);
}
