import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { ConflictError, NotFoundError, type TenantId } from '#libs/domain';
import type { Statement } from '../database/one-statement.js';
import type { TenantPrisma } from '../database/tenant-database.js';

/** Asks within a transaction: nights over a plain connection, people's choices over the database client. */
export type Ask = <R extends pg.QueryResultRow>(
  statement: Statement,
  values: readonly unknown[],
) => Promise<R[]>;

export function asking(client: pg.PoolClient): Ask {
  return async <R extends pg.QueryResultRow>(statement: Statement, values: readonly unknown[]) =>
    (await client.query<R>({ ...statement, values: [...values] })).rows;
}

export function askingPrisma(prisma: TenantPrisma): Ask {
  return ({ text }, values) => prisma.$queryRawUnsafe(text, ...values);
}

export interface Move {
  readonly modelVersion: number;
  readonly publicationId: string;
  readonly listFile: string;
}

// $1 is the tenant.
const LOCK_STATE: Statement = {
  name: 'registry.lock-state',
  text: 'SELECT state::text AS state, state_changed_at AS "changedAt" FROM tenant WHERE id = $1 FOR UPDATE',
};
const ADD_POINTER: Statement = {
  name: 'registry.add-pointer',
  text: `INSERT INTO serving_pointer (tenant_id, model_version, publication_id, list_file, moved_at)
    VALUES ($1, $2::integer, $3::uuid, $4::text, $5::timestamptz) RETURNING revision`,
};
const MOVE_POINTER: Statement = {
  name: 'registry.move-pointer',
  text: `UPDATE serving_pointer
    SET model_version = $2::integer, publication_id = $3::uuid, list_file = $4::text, moved_at = $5::timestamptz,
        revision = revision + 1
    WHERE tenant_id = $1 AND revision = $6::integer RETURNING revision`,
};
const RETIRE: Statement = {
  name: 'registry.retire',
  text: `UPDATE model_version SET status = 'retired' WHERE tenant_id = $1 AND status = 'champion' RETURNING version`,
};
/** A version that comes back keeps the moment at which a night promoted it. */
const CROWN: Statement = {
  name: 'registry.crown',
  text: `UPDATE model_version SET status = 'champion', promoted_at = COALESCE(promoted_at, $3::timestamptz)
    WHERE tenant_id = $1 AND version = $2::integer RETURNING version`,
};
const TELL: Statement = {
  name: 'registry.tell',
  text: `INSERT INTO outbox (tenant_id, message_id, topic, payload)
    VALUES ($1, $2::uuid, 'pointer.moved', $3::jsonb) RETURNING message_id`,
};

/** The tenant's row is locked first, here as in every change of state: a freeze comes wholly before or wholly after. */
export async function lockState(ask: Ask, tenantId: TenantId): Promise<{ state: string; changedAt: Date }> {
  const [row] = await ask<{ state: string; changedAt: Date }>(LOCK_STATE, [tenantId]);
  if (row === undefined) throw new NotFoundError('tenant', String(tenantId));
  return row;
}

/** Moves the pointer from exactly the revision that was read, and the champion's title with it. Answers when. */
export async function compareAndSwap(
  ask: Ask,
  tenantId: TenantId,
  from: { readonly modelVersion: number; readonly revision: number } | undefined,
  { modelVersion, publicationId, listFile }: Move,
): Promise<Date> {
  const movedAt = new Date();
  const moved = [tenantId, modelVersion, publicationId, listFile, movedAt];
  if (from === undefined) await ask(ADD_POINTER, moved);
  else if ((await ask(MOVE_POINTER, [...moved, from.revision])).length !== 1)
    throw new ConflictError('pointerMoved', 'Somebody else moved the champion at the same moment.');
  if (from?.modelVersion !== modelVersion) {
    await ask(RETIRE, [tenantId]);
    if ((await ask(CROWN, [tenantId, modelVersion, movedAt])).length !== 1)
      throw new NotFoundError('model version', String(modelVersion));
  }
  await ask(TELL, [tenantId, randomUUID(), JSON.stringify({ modelVersion, publicationId })]);
  return movedAt;
}
