import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Environment, required } from '#libs/config';
import { FeedbackRepository, FeedbackService, ListStore, ServingStateSource } from '#libs/domain';
import {
  createPostgresPool,
  LmdbListStore,
  PostgresFeedbackRepository,
  ServingReadModel,
} from '#libs/persistence';

const SERVING_POOL = 'servingPool';
/** Feedback is the only traffic; more connections would only queue inside Postgres instead of here. */
const MAXIMUM_CONNECTIONS = 8;

type Pool = ReturnType<typeof createPostgresPool>;

/** The data plane's ports, answered by Postgres (with a login that sees no tenant's data) and by files. */
@Global()
@Module({
  providers: [
    {
      provide: SERVING_POOL,
      inject: [Environment],
      useFactory: (environment: Environment) =>
        createPostgresPool({
          connectionString: required(environment, 'SERVING_DATABASE_URL'),
          max: MAXIMUM_CONNECTIONS,
          applicationName: 'nightshift-serving',
        }),
    },
    {
      provide: ServingStateSource,
      inject: [SERVING_POOL],
      useFactory: (pool: Pool) => new ServingReadModel(pool),
    },
    {
      provide: FeedbackRepository,
      inject: [SERVING_POOL],
      useFactory: (pool: Pool) => new PostgresFeedbackRepository(pool),
    },
    {
      provide: FeedbackService,
      inject: [FeedbackRepository],
      useFactory: (repository: FeedbackRepository) => new FeedbackService(repository),
    },
    {
      provide: ListStore,
      inject: [Environment],
      useFactory: (environment: Environment) => new LmdbListStore(environment.STATE_DIR),
    },
  ],
  exports: [ServingStateSource, FeedbackService, ListStore],
})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(@Inject(SERVING_POOL) private readonly pool: Pool) {}

  /** After the last answer. */
  onApplicationShutdown(): Promise<void> {
    return this.pool.end();
  }
}
