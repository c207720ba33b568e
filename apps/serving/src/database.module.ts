import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Environment, required } from '#libs/config';
import {
  DurableFeedback,
  ErasureAcknowledgements,
  FeedbackService,
  ListCopies,
  ListStore,
  ServedAnswersRepository,
  ServedOfferingSource,
  ServingStateSource,
  TenantRequestsRepository,
  KeyUseRepository,
} from '#libs/domain';
import {
  createPostgresPool,
  FeedbackJournal,
  openServedLists,
  PostgresErasureAcknowledgements,
  PostgresFeedbackRepository,
  PostgresServedAnswersRepository,
  PostgresServedOfferingSource,
  PostgresTenantRequestsRepository,
  ServingKeyUseRepository,
  ServingReadModel,
} from '#libs/persistence';
import { RememberedFeedback, SessionMemory } from './recommendations/session-memory.js';
import { PointerTable } from './pointers/pointer-table.js';
import { FeedbackDeliveryService } from './outcomes/feedback-delivery.service.js';

const SERVING_POOL = 'servingPool';
const SERVED_LISTS = 'servedLists';
/** Feedback is the only traffic; more connections would only queue inside Postgres instead of here. */
const MAXIMUM_CONNECTIONS = 8;

type Pool = ReturnType<typeof createPostgresPool>;
type ServedLists = ReturnType<typeof openServedLists>;

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
      provide: KeyUseRepository,
      inject: [SERVING_POOL],
      useFactory: (pool: Pool) => new ServingKeyUseRepository(pool),
    },
    {
      provide: ServingStateSource,
      inject: [SERVING_POOL],
      useFactory: (pool: Pool) => new ServingReadModel(pool),
    },
    {
      provide: ServedOfferingSource,
      inject: [SERVING_POOL],
      useFactory: (pool: Pool) => new PostgresServedOfferingSource(pool),
    },
    {
      provide: ErasureAcknowledgements,
      inject: [SERVING_POOL],
      useFactory: (pool: Pool) => new PostgresErasureAcknowledgements(pool),
    },
    {
      provide: ServedAnswersRepository,
      inject: [SERVING_POOL],
      useFactory: (pool: Pool) => new PostgresServedAnswersRepository(pool),
    },
    {
      provide: TenantRequestsRepository,
      inject: [SERVING_POOL],
      useFactory: (pool: Pool) => new PostgresTenantRequestsRepository(pool),
    },
    SessionMemory,
    {
      provide: DurableFeedback,
      inject: [SERVING_POOL, Environment],
      useFactory: (pool: Pool, environment: Environment) =>
        FeedbackJournal.open(environment.STATE_DIR, new PostgresFeedbackRepository(pool)),
    },
    {
      provide: FeedbackService,
      inject: [DurableFeedback, SessionMemory, PointerTable],
      useFactory: (feedback: DurableFeedback, sessions: SessionMemory, table: PointerTable) => {
        const isErased = table.isErased.bind(table);
        return new FeedbackService(new RememberedFeedback(feedback, sessions, isErased));
      },
    },
    FeedbackDeliveryService,
    {
      provide: SERVED_LISTS,
      inject: [Environment],
      useFactory: (environment: Environment) => openServedLists(environment),
    },
    { provide: ListStore, inject: [SERVED_LISTS], useFactory: ({ lists }: ServedLists) => lists },
    // Null: the lists lie in a folder that this node shares with the workers.
    { provide: ListCopies, inject: [SERVED_LISTS], useFactory: ({ copies }: ServedLists) => copies ?? null },
  ],
  exports: [
    KeyUseRepository,
    ServedAnswersRepository,
    DurableFeedback,
    ErasureAcknowledgements,
    ServingStateSource,
    TenantRequestsRepository,
    ServedOfferingSource,
    SessionMemory,
    FeedbackService,
    ListStore,
    ListCopies,
  ],
})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(
    @Inject(SERVING_POOL) private readonly pool: Pool,
    private readonly delivery: FeedbackDeliveryService,
  ) {}

  /** After the last answer. */
  async onApplicationShutdown(): Promise<void> {
    await this.delivery.stop();
    await this.pool.end();
  }
}
