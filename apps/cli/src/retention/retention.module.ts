import type { Provider } from '@nestjs/common';
import type { Pool } from 'pg';
import type { Environment } from '#libs/config';
import { RetentionService } from '#libs/domain';
import {
  openArtifactStore,
  openListStore,
  openRetentionFiles,
  PostgresFleetRetentionRepository,
  PostgresFleetTenantRepository,
  PostgresModelRegistryRepository,
  PostgresRetentionRepository,
  TenantDatabase,
} from '#libs/persistence';
import { PLATFORM_POOL } from '../reconcile/platform-pool.js';

export function retentionProviders(environment: Environment): Provider[] {
  return [
    {
      provide: RetentionService,
      inject: [TenantDatabase, PLATFORM_POOL],
      useFactory: (database: TenantDatabase, platform: Pool) =>
        new RetentionService({
          rows: new PostgresRetentionRepository(database),
          fleetRows: new PostgresFleetRetentionRepository(platform),
          files: openRetentionFiles(environment),
          tenants: new PostgresFleetTenantRepository(platform),
          registry: new PostgresModelRegistryRepository(database),
          artifacts: openArtifactStore(environment),
          lists: openListStore(environment),
        }),
    },
  ];
}
