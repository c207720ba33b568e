import type { Provider } from '@nestjs/common';
import type { Pool } from 'pg';
import type { Environment } from '#libs/config';
import { RunService } from '#libs/domain';
import {
  openArtifactStore,
  openErasureFiles,
  openListStore,
  PostgresDataQualityRepository,
  PostgresFleetErasureRepository,
  PostgresFleetExportRepository,
  PostgresFleetRunRepository,
  PostgresFleetTenantRepository,
  PostgresModelRegistryRepository,
  PostgresOfferingRepository,
  PostgresReconcileRepository,
  PostgresRunRepository,
  PostgresSnapshotSource,
  PostgresTemplateCatalogue,
  TenantDatabase,
} from '#libs/persistence';
import { FleetReconciliation, type StoredPorts } from './fleet-reconciliation.js';
import { PLATFORM_POOL } from './platform-pool.js';

export function reconcileProviders(environment: Environment): Provider[] {
  return [
    {
      provide: FleetReconciliation,
      inject: [TenantDatabase, PLATFORM_POOL],
      useFactory: (database: TenantDatabase, platform: Pool) =>
        new FleetReconciliation(environment, storedPorts(environment, database, platform)),
    },
  ];
}

function storedPorts(environment: Environment, database: TenantDatabase, platform: Pool): StoredPorts {
  const runs = new PostgresRunRepository(database);
  const fleet = new PostgresFleetTenantRepository(platform);
  return {
    records: new PostgresReconcileRepository(database),
    ...{ runs, fleet },
    runService: new RunService(runs),
    files: openErasureFiles(environment),
    night: {
      source: new PostgresSnapshotSource(database),
      artifacts: openArtifactStore(environment),
      lists: openListStore(environment),
      registry: new PostgresModelRegistryRepository(database),
      quality: new PostgresDataQualityRepository(database),
      offerings: new PostgresOfferingRepository(database),
      templates: new PostgresTemplateCatalogue(database),
      numerics: (_, work) => work(),
      fitMemoryBytes: Math.floor((environment.WORKER_MEMORY_MB * 2 ** 20) / environment.WORKER_SLOTS),
      codeVersion: environment.CODE_VERSION ?? 'unknown',
    },
    queues: {
      runs: new PostgresFleetRunRepository(platform),
      exports: new PostgresFleetExportRepository(platform),
      erasures: new PostgresFleetErasureRepository(platform),
      tenants: fleet,
    },
  };
}
