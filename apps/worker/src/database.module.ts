import { Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import type pg from 'pg';
import { Environment, required } from '#libs/config';
import {
  ArtifactStore,
  AttributionRepository,
  DataQualityRepository,
  ErasureFiles,
  ErasureLedger,
  ErasureRepository,
  ExportFileStore,
  FleetErasureRepository,
  FleetExportRepository,
  FleetRetentionRepository,
  FleetRunRepository,
  FleetTenantRepository,
  KpiReadModel,
  Leadership,
  ListExportRepository,
  ListStore,
  ModelRegistryRepository,
  OfferingRepository,
  OutboxRepository,
  RetentionFiles,
  RetentionRepository,
  RunRepository,
  SnapshotSource,
  RolloutRepository,
  TemplateCatalogue,
  TemplateRepository,
  TenantRepository,
  TenantSizeReadModel,
  TriggerRepository,
  WorkerRepository,
} from '#libs/domain';
import {
  createPostgresPool,
  openArtifactStore,
  openErasureFiles,
  openErasureLedger,
  openExportStore,
  openListStore,
  openRetentionFiles,
  PostgresAttributionRepository,
  PostgresDataQualityRepository,
  PostgresErasureRepository,
  PostgresFleetErasureRepository,
  PostgresFleetExportRepository,
  PostgresFleetRetentionRepository,
  PostgresFleetRunRepository,
  PostgresFleetTenantRepository,
  PostgresKpiReadModel,
  PostgresListExportRepository,
  PostgresLeadership,
  PostgresModelRegistryRepository,
  PostgresOfferingRepository,
  PostgresOutboxRepository,
  PostgresRetentionRepository,
  PostgresRunRepository,
  PostgresSnapshotSource,
  PostgresRolloutRepository,
  PostgresTemplateCatalogue,
  PostgresTemplateRepository,
  PostgresTenantRepository,
  PostgresTenantSizeReadModel,
  PostgresTriggerRepository,
  PostgresWorkerRepository,
  TenantDatabase,
} from '#libs/persistence';

/** Planners, dispatcher, relay and heartbeat, one connection each, and one for the work inside a leader's transaction. */
const PLATFORM_CONNECTIONS = 8;
/** Per slot: one for the stage's work, one for lease and progress. */
const CONNECTIONS_PER_SLOT = 3;
/** An attribution, an export, and what is asked in passing. */
const CONNECTIONS_BESIDE_SLOTS = 4;

const PLATFORM_POOL = Symbol('platform pool');

const TENANT_PORTS = [
  [TenantRepository, PostgresTenantRepository],
  [TenantSizeReadModel, PostgresTenantSizeReadModel],
  [RunRepository, PostgresRunRepository],
  [ModelRegistryRepository, PostgresModelRegistryRepository],
  [DataQualityRepository, PostgresDataQualityRepository],
  [OfferingRepository, PostgresOfferingRepository],
  [SnapshotSource, PostgresSnapshotSource],
  [TemplateCatalogue, PostgresTemplateCatalogue],
  [AttributionRepository, PostgresAttributionRepository],
  [KpiReadModel, PostgresKpiReadModel],
  [TriggerRepository, PostgresTriggerRepository],
  [ListExportRepository, PostgresListExportRepository],
  [ErasureRepository, PostgresErasureRepository],
  [RetentionRepository, PostgresRetentionRepository],
] as const;

const PLATFORM_PORTS = [
  [FleetRunRepository, PostgresFleetRunRepository],
  [FleetTenantRepository, PostgresFleetTenantRepository],
  [TemplateRepository, PostgresTemplateRepository],
  [RolloutRepository, PostgresRolloutRepository],
  [FleetExportRepository, PostgresFleetExportRepository],
  [FleetErasureRepository, PostgresFleetErasureRepository],
  [FleetRetentionRepository, PostgresFleetRetentionRepository],
  [WorkerRepository, PostgresWorkerRepository],
  [Leadership, PostgresLeadership],
  [OutboxRepository, PostgresOutboxRepository],
] as const;

/** The ports of the domain, answered by Postgres and the disk. */
@Global()
@Module({
  providers: [
    {
      provide: TenantDatabase,
      inject: [Environment],
      useFactory: (environment: Environment) =>
        new TenantDatabase(
          createPostgresPool({
            connectionString: required(environment, 'DATABASE_URL'),
            max: CONNECTIONS_BESIDE_SLOTS + CONNECTIONS_PER_SLOT * environment.WORKER_SLOTS,
            applicationName: 'nightshift-worker',
            idleInTransactionMs: 2 * environment.LEASE_MS,
          }),
        ),
    },
    {
      provide: PLATFORM_POOL,
      inject: [Environment],
      useFactory: (environment: Environment) =>
        createPostgresPool({
          connectionString: required(environment, 'PLATFORM_DATABASE_URL'),
          max: PLATFORM_CONNECTIONS,
          applicationName: 'nightshift-worker',
          idleInTransactionMs: 2 * environment.LEASE_MS,
        }),
    },
    ...TENANT_PORTS.map(([port, Implementation]) => ({
      provide: port,
      inject: [TenantDatabase],
      useFactory: (database: TenantDatabase) => new Implementation(database),
    })),
    ...PLATFORM_PORTS.map(([port, Implementation]) => ({
      provide: port,
      inject: [PLATFORM_POOL],
      useFactory: (pool: pg.Pool) => new Implementation(pool),
    })),
    {
      provide: ArtifactStore,
      inject: [Environment],
      useFactory: (environment: Environment) => openArtifactStore(environment),
    },
    {
      provide: ExportFileStore,
      inject: [Environment],
      useFactory: (environment: Environment) => openExportStore(environment),
    },
    {
      provide: ErasureFiles,
      inject: [Environment],
      useFactory: (environment: Environment) => openErasureFiles(environment),
    },
    {
      provide: RetentionFiles,
      inject: [Environment],
      useFactory: (environment: Environment) => openRetentionFiles(environment),
    },
    {
      provide: ErasureLedger,
      inject: [Environment],
      useFactory: (environment: Environment) => openErasureLedger(environment),
    },
    {
      provide: ListStore,
      inject: [Environment],
      useFactory: (environment: Environment) => openListStore(environment),
    },
    {
      provide: 'close databases',
      inject: [TenantDatabase, PLATFORM_POOL],
      useFactory: (tenants: TenantDatabase, platform: pg.Pool): OnApplicationShutdown => ({
        onApplicationShutdown: async () => {
          await Promise.all([tenants.close(), platform.end()]);
        },
      }),
    },
  ],
  exports: [
    ArtifactStore,
    ListStore,
    ExportFileStore,
    ErasureFiles,
    ErasureLedger,
    RetentionFiles,
    ...TENANT_PORTS.map(([port]) => port),
    ...PLATFORM_PORTS.map(([port]) => port),
  ],
})
export class DatabaseModule {}
