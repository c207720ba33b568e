import type { PublishRequest, ServingPointer, Tenant } from '#libs/domain';
import { PostgresModelRegistryRepository, PostgresRunRepository } from '#libs/persistence';
import {
  beginPublish,
  createTestTenant,
  openTestDatabase,
  type TestDatabase,
  type UnpublishedNight,
} from '#libs/testing';

/** Champions whose files stay on disk. */
export const KEPT = 2;

/** The registry over a real database; `tenant` is a new one for every test. */
export class RegistryUnderTest {
  tenant!: Tenant;
  readonly registry: PostgresModelRegistryRepository;
  readonly runs: PostgresRunRepository;

  private constructor(readonly database: TestDatabase) {
    this.registry = new PostgresModelRegistryRepository(database.tenants);
    this.runs = new PostgresRunRepository(database.tenants);
  }

  static async open(): Promise<RegistryUnderTest> {
    return new RegistryUnderTest(await openTestDatabase(process.env));
  }

  newTenant(): Promise<Tenant> {
    return createTestTenant(this.database);
  }

  /** The tenant's rows as they lie in the table. */
  async rows(table: string, columns = '*') {
    const sql = `SELECT ${columns} FROM ${table} WHERE tenant_id = $1`;
    return (await this.database.admin.query(sql, [this.tenant.id])).rows;
  }

  async statuses(): Promise<string[]> {
    const versions = await this.registry.list(this.tenant.id, 100);
    return versions.map(({ version, status }) => `${version} ${status}`).toSorted();
  }

  nightBeforePublish(change: Partial<PublishRequest> = {}): Promise<UnpublishedNight> {
    return beginPublish(this.database, this.tenant, change);
  }

  async promotedNight(): Promise<UnpublishedNight> {
    const night = await this.nightBeforePublish();
    expect(await this.registry.publish(night.lease, night.request)).toBe('published');
    return night;
  }

  moveTo(version: number): Promise<ServingPointer> {
    return this.registry.moveTo(this.tenant.id, { version, reason: 'too many socks', actor: 'kim' }, KEPT);
  }
}
