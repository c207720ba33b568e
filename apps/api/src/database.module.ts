import { Global, Inject, Module, type OnApplicationShutdown, type Provider } from '@nestjs/common';
import { Environment, required } from '#libs/config';
import {
  AccountRepository,
  ApiKeyRepository,
  AuditRepository,
  KeyUseRepository,
  DataQualityRepository,
  ErasureRepository,
  StoredRowSource,
  CustomerReadModel,
  KpiReadModel,
  ListExportRepository,
  LifecycleRepository,
  MemberRepository,
  ModelRegistryRepository,
  OfferingRepository,
  OperatorVisitRepository,
  PasswordHasher,
  ProductRepository,
  RunRepository,
  SessionRepository,
  TemplateCatalogue,
  TenantEvents,
  TenantRepository,
  TenantSettingsRepository,
  TenantSummaryReadModel,
  VocabularyReadModel,
} from '#libs/domain';
import {
  AccountsDatabase,
  Argon2PasswordHasher,
  createPostgresPool,
  PostgresAccountRepository,
  PostgresApiKeyRepository,
  PostgresAuditRepository,
  PostgresDataQualityRepository,
  PostgresErasureRepository,
  PostgresStoredRowSource,
  PostgresCustomerReadModel,
  PostgresKpiReadModel,
  PostgresListExportRepository,
  PostgresLifecycleRepository,
  PostgresMemberRepository,
  PostgresModelRegistryRepository,
  PostgresOfferingRepository,
  PostgresOperatorVisitRepository,
  PostgresProductRepository,
  PostgresRunRepository,
  PostgresSessionRepository,
  PostgresTemplateCatalogue,
  PostgresTenantEvents,
  PostgresTenantRepository,
  PostgresTenantSettingsRepository,
  PostgresTenantSummaryReadModel,
  PostgresVocabularyReadModel,
  TenantDatabase,
  TenantKeyUseRepository,
} from '#libs/persistence';
import { IMPORTS_AT_ONCE } from './imports/import-slots.js';

const MAXIMUM_CONNECTIONS = 20;
// One for each import, and some to report how they stand.
const IMPORT_CONNECTIONS = IMPORTS_AT_ONCE + 2;

const ACCOUNT_CONNECTIONS = 10;

/** Connections of their own: an import keeps one while its file arrives, and keys and readiness must not wait for that. */
export const IMPORT_DATABASE = Symbol('the database for imports');

/** The ports of the domain, answered by Postgres. */
const REPOSITORIES = [
  [TenantRepository, PostgresTenantRepository],
  [TenantSummaryReadModel, PostgresTenantSummaryReadModel],
  [TenantSettingsRepository, PostgresTenantSettingsRepository],
  [TemplateCatalogue, PostgresTemplateCatalogue],
  [ApiKeyRepository, PostgresApiKeyRepository],
  [KeyUseRepository, TenantKeyUseRepository],
  [LifecycleRepository, PostgresLifecycleRepository],
  [RunRepository, PostgresRunRepository],
  [DataQualityRepository, PostgresDataQualityRepository],
  [ModelRegistryRepository, PostgresModelRegistryRepository],
  [OfferingRepository, PostgresOfferingRepository],
  [ProductRepository, PostgresProductRepository],
  [KpiReadModel, PostgresKpiReadModel],
  [CustomerReadModel, PostgresCustomerReadModel],
  [VocabularyReadModel, PostgresVocabularyReadModel],
  [ListExportRepository, PostgresListExportRepository],
  [ErasureRepository, PostgresErasureRepository],
  [StoredRowSource, PostgresStoredRowSource],
  [AuditRepository, PostgresAuditRepository],
] as const;

/** People and their sessions, under a login that sees no tenant's data. */
const ACCOUNT_REPOSITORIES = [
  [AccountRepository, PostgresAccountRepository],
  [SessionRepository, PostgresSessionRepository],
  [MemberRepository, PostgresMemberRepository],
  [OperatorVisitRepository, PostgresOperatorVisitRepository],
] as const;

const repositoryProviders: Provider[] = REPOSITORIES.map(([port, Implementation]) => ({
  provide: port,
  inject: [TenantDatabase],
  useFactory: (database: TenantDatabase) => new Implementation(database),
}));

const accountProviders: Provider[] = ACCOUNT_REPOSITORIES.map(([port, Implementation]) => ({
  provide: port,
  inject: [AccountsDatabase],
  useFactory: (database: AccountsDatabase) => new Implementation(database),
}));

@Global()
@Module({
  providers: [
    {
      provide: TenantDatabase,
      inject: [Environment],
      useFactory: (environment: Environment) =>
        openDatabase(environment, MAXIMUM_CONNECTIONS, 'nightshift-api'),
    },
    {
      provide: IMPORT_DATABASE,
      inject: [Environment],
      useFactory: (environment: Environment) =>
        openDatabase(environment, IMPORT_CONNECTIONS, 'nightshift-api-imports'),
    },
    {
      provide: AccountsDatabase,
      inject: [Environment],
      useFactory: (environment: Environment) =>
        new AccountsDatabase(
          createPostgresPool({
            connectionString: required(environment, 'ACCOUNTS_DATABASE_URL'),
            max: ACCOUNT_CONNECTIONS,
            applicationName: 'nightshift-accounts',
          }),
        ),
    },
    {
      provide: TenantEvents,
      inject: [Environment, TenantDatabase],
      useFactory: (environment: Environment, database: TenantDatabase) =>
        new PostgresTenantEvents(required(environment, 'DATABASE_URL'), database),
    },
    { provide: PasswordHasher, useClass: Argon2PasswordHasher },
    ...repositoryProviders,
    ...accountProviders,
  ],
  exports: [
    ...[TenantDatabase, IMPORT_DATABASE, PasswordHasher, TenantEvents],
    ...[...REPOSITORIES, ...ACCOUNT_REPOSITORIES].map(([port]) => port),
  ],
})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(
    private readonly database: TenantDatabase,
    @Inject(IMPORT_DATABASE) private readonly importDatabase: TenantDatabase,
    private readonly accountsDatabase: AccountsDatabase,
    private readonly events: TenantEvents,
  ) {}

  /** After the last answer: connections are given back, not cut. */
  async onApplicationShutdown(): Promise<void> {
    await this.events.close();
    await Promise.all([this.database.close(), this.importDatabase.close(), this.accountsDatabase.close()]);
  }
}

function openDatabase(environment: Environment, max: number, applicationName: string): TenantDatabase {
  const connectionString = required(environment, 'DATABASE_URL');
  return new TenantDatabase(createPostgresPool({ connectionString, max, applicationName }));
}
