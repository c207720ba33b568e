import { randomUUID } from 'node:crypto';
import type { LifecycleState, NewTenant, Tenant } from '#libs/domain';
import { PostgresFleetTenantRepository } from '#libs/persistence';
import type { TestDatabase } from './test-database.js';

export interface TestTenant extends Partial<NewTenant> {
  readonly state?: LifecycleState;
  readonly createdAt?: Date;
}

/** A tenant of its own for every test, so that tests can share a database. */
export async function createTestTenant(database: TestDatabase, given: TestTenant = {}): Promise<Tenant> {
  const { state, createdAt, ...rest } = given;
  const slug = `test-${randomUUID()}`;
  const defaults = { slug, name: 'Test', timeZone: 'Europe/Berlin', currency: 'EUR', settings: {} };
  const tenant = await new PostgresFleetTenantRepository(database.platform).create({ ...defaults, ...rest });
  if (tenant === undefined) throw new Error('The slug of a test tenant is taken.');
  await database.platform.query(
    `UPDATE tenant SET state = COALESCE($2::lifecycle_state, state), created_at = COALESCE($3, created_at) WHERE id = $1`,
    [tenant.id, state ?? null, createdAt ?? null],
  );
  return { ...tenant, state: state ?? tenant.state };
}

/** Changes the state without a record of it, for tests of what follows from a state. */
export async function setTestState(
  database: TestDatabase,
  tenant: Tenant,
  state: LifecycleState,
): Promise<void> {
  await database.platform.query('UPDATE tenant SET state = $2::lifecycle_state WHERE id = $1', [
    tenant.id,
    state,
  ]);
}
