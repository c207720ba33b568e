import type { PublishRequest, RunLease, Tenant } from '#libs/domain';
import { PostgresModelRegistryRepository, PostgresRunRepository } from '#libs/persistence';
import type { TestDatabase } from './test-database.js';
import { claimTestRun, newModelVersion, newPublication, recordedVerdict } from './test-run.js';

export interface UnpublishedNight {
  readonly lease: RunLease;
  readonly version: number;
  readonly request: PublishRequest;
}

/** A night up to its last stage, with one candidate that the verdict is in favour of. */
export async function beginPublish(
  database: TestDatabase,
  tenant: Tenant,
  change: Partial<PublishRequest> = {},
): Promise<UnpublishedNight> {
  const registry = new PostgresModelRegistryRepository(database.tenants);
  const { lease } = await claimTestRun(database, tenant);
  const version = await registry.registerCandidate(lease, newModelVersion(lease.runId));
  const pointer = await registry.pointer(tenant.id);
  await new PostgresRunRepository(database.tenants).startStage(lease, 'publish');
  const request: PublishRequest = {
    publication: newPublication(version),
    verdicts: [recordedVerdict(pointer?.modelVersion, version, true)],
    expectedRevision: pointer?.revision ?? 0,
    outcome: 'promoted',
    ...change,
  };
  return { lease, version, request };
}
