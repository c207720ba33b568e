import type { Run, RunLease, Tenant } from '#libs/domain';
import { PostgresRunRepository } from '#libs/persistence';
import { createTestTenant, openTestDatabase, type TestDatabase } from '#libs/testing';

export const LEASE_MS = 60_000;

/** The request of a run by hand. */
export const manual = (night = '2026-11-21') => ({
  night,
  seed: 7,
  templateVersion: 1,
  requestedBy: 'kim',
  reason: 'new products',
});

export const failure = (delayMs: number | undefined) => ({
  stage: 'train' as const,
  code: 'unavailable',
  message: 'disk full',
  delayMs,
});

/** The repository of runs over a real database; `tenant` is a new one for every test. */
export class RunsUnderTest {
  tenant!: Tenant;
  readonly runs: PostgresRunRepository;

  private constructor(readonly database: TestDatabase) {
    this.runs = new PostgresRunRepository(database.tenants);
  }

  static async open(): Promise<RunsUnderTest> {
    return new RunsUnderTest(await openTestDatabase(process.env));
  }

  newTenant(): Promise<Tenant> {
    return createTestTenant(this.database);
  }

  async requested(): Promise<Run> {
    return (await this.runs.requestManual(this.tenant.id, manual())).run;
  }

  async claim(runId: string, leaseMs = LEASE_MS, worker = 'worker'): Promise<{ run: Run; lease: RunLease }> {
    const claimed = await this.runs.claim(this.tenant.id, runId, worker, leaseMs);
    if (claimed === undefined) throw new Error('not claimed');
    return claimed;
  }
}
