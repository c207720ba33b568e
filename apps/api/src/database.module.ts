import { Global, Module, type OnApplicationShutdown, type Provider } from '@nestjs/common';
import { Environment, required } from '#libs/config';
import {
  ApiKeyRepository,
  LifecycleRepository,
  ModelRegistryRepository,
  RunRepository,
  TenantRepository,
  TenantSummaryReadModel,
} from '#libs/domain';
import {
  createPostgresPool,
  PostgresApiKeyRepository,
  PostgresLifecycleRepository,
  PostgresModelRegistryRepository,
  PostgresRunRepository,
  PostgresTenantRepository,
  PostgresTenantSummaryReadModel,
  TenantDatabase,
} from '#libs/persistence';

const MAXIMUM_CONNECTIONS = 20;

/** The ports of the domain, answered by Postgres. */
const REPOSITORIES = [
  [TenantRepository, PostgresTenantRepository],
  [TenantSummaryReadModel, PostgresTenantSummaryReadModel],
  [ApiKeyRepository, PostgresApiKeyRepository],
  [LifecycleRepository, PostgresLifecycleRepository],
  [RunRepository, PostgresRunRepository],
  [ModelRegistryRepository, PostgresModelRegistryRepository],
] as const;

const repositoryProviders: Provider[] = REPOSITORIES.map(([port, Implementation]) => ({
  provide: port,
  inject: [TenantDatabase],
  useFactory: (database: TenantDatabase) => new Implementation(database),
}));

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
            max: MAXIMUM_CONNECTIONS,
            applicationName: 'nightshift-api',
          }),
        ),
    },
    ...repositoryProviders,
  ],
  exports: [TenantDatabase, ...REPOSITORIES.map(([port]) => port)],
})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(private readonly database: TenantDatabase) {}

  /** After the last answer: connections are given back, not cut. */
  onApplicationShutdown(): Promise<void> {
    return this.database.close();
  }
}
