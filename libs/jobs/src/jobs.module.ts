import { BullModule, getQueueToken } from '@nestjs/bullmq';
import { Module } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { Environment } from '#libs/config';
import { JobPublisher } from './job-publisher.js';
import { QUEUES } from './job-registry.js';
import { redisOptions } from './redis-options.js';

/** Redis answers in a millisecond or has a problem. */
const COMMAND_TIMEOUT_MS = 5_000;

@Module({
  imports: [
    BullModule.forRootAsync({
      inject: [Environment],
      useFactory: (environment: Environment) => ({
        connection: redisOptions(environment),
        prefix: environment.REDIS_PREFIX,
      }),
    }),
    // Whoever adds jobs must not wait for ever: the next look at Postgres finds the run again.
    BullModule.registerQueueAsync(
      ...QUEUES.map((name) => ({
        name,
        inject: [Environment],
        useFactory: (environment: Environment) => ({
          connection: {
            ...redisOptions(environment),
            maxRetriesPerRequest: 1,
            commandTimeout: COMMAND_TIMEOUT_MS,
          },
        }),
      })),
    ),
  ],
  providers: [
    {
      provide: JobPublisher,
      inject: QUEUES.map((name) => getQueueToken(name)),
      useFactory: (...queues: Queue[]) => new JobPublisher(queues),
    },
  ],
  exports: [JobPublisher, BullModule],
})
export class JobsModule {}
