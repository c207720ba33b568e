import path from 'node:path';
import {
  Inject,
  Module,
  type DynamicModule,
  type OnApplicationShutdown,
  type Provider,
} from '@nestjs/common';
import type { Pool } from 'pg';
import { required, type Environment } from '#libs/config';
import {
  AccountService,
  ApiKeyRepository,
  ApiKeyService,
  FleetRunRepository,
  CustomerExportService,
  ErasureLedger,
  ErasureRepository,
  ErasureService,
  FeedbackRepository,
  FleetErasureRepository,
  FleetTenantService,
  ImportService,
  LifecycleRepository,
  LifecycleService,
  ListStore,
  MappingCatalogue,
  MemberRepository,
  ModelRegistryRepository,
  ModelRegistryService,
  OfferingRepository,
  StoredRowSource,
  RunRepository,
  RunService,
  TenantRepository,
  TenantSummaryReadModel,
} from '#libs/domain';
import {
  AccountsDatabase,
  Argon2PasswordHasher,
  createPostgresPool,
  openErasureFiles,
  openErasureLedger,
  openListStore,
  openRejectedRowStore,
  PostgresErasureRepository,
  PostgresFeedbackRepository,
  PostgresFleetErasureRepository,
  PostgresStoredRowSource,
  FileMappingCatalogue,
  PostgresAccountRepository,
  PostgresApiKeyRepository,
  PostgresFleetRunRepository,
  PostgresFleetTenantRepository,
  PostgresImportStore,
  PostgresLifecycleRepository,
  PostgresMemberRepository,
  PostgresModelRegistryRepository,
  PostgresOfferingRepository,
  PostgresRunRepository,
  PostgresSessionRepository,
  PostgresTenantRepository,
  PostgresTenantSummaryReadModel,
  TenantDatabase,
  TenantFileReader,
} from '#libs/persistence';
import { PLATFORM_POOL } from './reconcile/platform-pool.js';
import { reconcileProviders } from './reconcile/reconcile.module.js';
import { retentionProviders } from './retention/retention.module.js';

/** A fleet is loaded three tenants at a time, each with a connection for the rows and one for its record of the import. */
const MAXIMUM_CONNECTIONS = 8;
/** Many commands may wait at the same time, and none is to keep a connection meanwhile. */
const IDLE_TIMEOUT_MS = 500;
/** Null where the environment names none: few commands need it. */
const ACCOUNTS_DATABASE = Symbol('accounts database');
/** What simulated customers do with their lists is told on connections of its own, as serving nodes do. */
const FEEDBACK_POOL = Symbol('feedback pool');

const REPOSITORIES = [
  [TenantRepository, PostgresTenantRepository],
  [TenantSummaryReadModel, PostgresTenantSummaryReadModel],
  [ApiKeyRepository, PostgresApiKeyRepository],
  [LifecycleRepository, PostgresLifecycleRepository],
  [RunRepository, PostgresRunRepository],
  [ModelRegistryRepository, PostgresModelRegistryRepository],
  [OfferingRepository, PostgresOfferingRepository],
  [ErasureRepository, PostgresErasureRepository],
  [StoredRowSource, PostgresStoredRowSource],
] as const;

const repositoryProviders: Provider[] = REPOSITORIES.map(([port, Implementation]) => ({
  provide: port,
  inject: [TenantDatabase],
  useFactory: (database: TenantDatabase) => new Implementation(database),
}));

/** The same services as behind the API. */
const serviceProviders: Provider[] = [
  provide(ApiKeyService, ApiKeyRepository),
  provide(LifecycleService, LifecycleRepository),
  provide(RunService, RunRepository),
  provide(ModelRegistryService, ModelRegistryRepository),
  provide(ErasureService, ErasureRepository),
];

/** Everything that a command may need, on the databases that the environment names. */
@Module({})
export class CliModule implements OnApplicationShutdown {
  constructor(
    private readonly database: TenantDatabase,
    @Inject(PLATFORM_POOL) private readonly platformPool: Pool,
    @Inject(FEEDBACK_POOL) private readonly feedbackPool: Pool,
    @Inject(ACCOUNTS_DATABASE) private readonly accountsDatabase: AccountsDatabase | null,
  ) {}

  static forEnvironment(environment: Environment): DynamicModule {
    return {
      module: CliModule,
      providers: [
        {
          provide: TenantDatabase,
          useFactory: () => new TenantDatabase(createPool(required(environment, 'DATABASE_URL'))),
        },
        {
          provide: PLATFORM_POOL,
          useFactory: () => createPool(required(environment, 'PLATFORM_DATABASE_URL')),
        },
        {
          provide: ACCOUNTS_DATABASE,
          useFactory: () => {
            const url = environment.ACCOUNTS_DATABASE_URL;
            return url === undefined ? null : new AccountsDatabase(createPool(url));
          },
        },
        {
          provide: AccountService,
          inject: [ACCOUNTS_DATABASE],
          useFactory: (database: AccountsDatabase | null) => database && createAccountService(database),
        },
        {
          provide: MemberRepository,
          inject: [ACCOUNTS_DATABASE],
          useFactory: (database: AccountsDatabase | null) =>
            database && new PostgresMemberRepository(database),
        },
        ...repositoryProviders,
        ...serviceProviders,
        ...reconcileProviders(environment),
        ...retentionProviders(environment),
        {
          provide: FleetTenantService,
          inject: [PLATFORM_POOL],
          useFactory: (pool: Pool) => new FleetTenantService(new PostgresFleetTenantRepository(pool)),
        },
        {
          provide: FleetRunRepository,
          inject: [PLATFORM_POOL],
          useFactory: (pool: Pool) => new PostgresFleetRunRepository(pool),
        },
        {
          provide: ImportService,
          inject: [TenantDatabase],
          useFactory: (database: TenantDatabase) => createImportService(database, environment),
        },
        {
          provide: FleetErasureRepository,
          inject: [PLATFORM_POOL],
          useFactory: (pool: Pool) => new PostgresFleetErasureRepository(pool),
        },
        { provide: ErasureLedger, useFactory: () => openErasureLedger(environment) },
        {
          provide: CustomerExportService,
          inject: [StoredRowSource, ModelRegistryRepository],
          useFactory: (rows: StoredRowSource, registry: ModelRegistryRepository) =>
            createCustomerExports(rows, registry, environment),
        },
        { provide: ListStore, useFactory: () => openListStore(environment) },
        {
          provide: FEEDBACK_POOL,
          useFactory: () => createPool(required(environment, 'DATABASE_URL')),
        },
        {
          provide: FeedbackRepository,
          inject: [FEEDBACK_POOL],
          useFactory: (pool: Pool) => new PostgresFeedbackRepository(pool),
        },
        { provide: MappingCatalogue, useFactory: () => new FileMappingCatalogue() },
      ],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.database.close();
    await this.platformPool.end();
    await this.feedbackPool.end();
    await this.accountsDatabase?.close();
  }
}

function provide<P, S>(service: new (port: P) => S, port: abstract new () => P): Provider {
  return { provide: service, inject: [port], useFactory: (implementation: P) => new service(implementation) };
}

function createPool(connectionString: string): Pool {
  return createPostgresPool({
    connectionString,
    max: MAXIMUM_CONNECTIONS,
    idleTimeoutMs: IDLE_TIMEOUT_MS,
    applicationName: 'nightshift-cli',
  });
}

function createCustomerExports(
  rows: StoredRowSource,
  registry: ModelRegistryRepository,
  environment: Environment,
): CustomerExportService {
  return new CustomerExportService(rows, registry, openListStore(environment), openErasureFiles(environment));
}

function createImportService(database: TenantDatabase, environment: Environment): ImportService {
  const reader = new TenantFileReader(path.join(environment.STATE_DIR, 'spool'));
  return new ImportService(reader, new PostgresImportStore(database), openRejectedRowStore(environment));
}

function createAccountService(database: AccountsDatabase): AccountService {
  const [accounts, sessions] = [
    new PostgresAccountRepository(database),
    new PostgresSessionRepository(database),
  ];
  return new AccountService(accounts, sessions, new Argon2PasswordHasher());
}
