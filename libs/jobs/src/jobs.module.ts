import { BullModule, getQueueToken } from '@nestjs/bullmq';
import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import type { Queue } from 'bullmq';
import { Environment } from '#libs/config';
import { JobPublisher } from './job-publisher.js';
import { QUEUES } from './job-registry.js';
import { QueueShutdown } from './queue-shutdown.js';
import { redisOptions } from './redis-options.js';

@Module({
  imports: [
    DiscoveryModule,
    BullModule.forRootAsync({
      inject: [Environment],
      useFactory: (environment: Environment) => ({
        connection: redisOptions(environment),
        prefix: environment.REDIS_PREFIX,
      }),
    }),
    // No command timeout here: a processor inherits its queue's connection, and its blocking wait would be cut off for good.
    BullModule.registerQueue(...QUEUES.map((name) => ({ name }))),
  ],
  providers: [
    QueueShutdown,
    {
      provide: JobPublisher,
      inject: QUEUES.map((name) => getQueueToken(name)),
      useFactory: (...queues: Queue[]) => new JobPublisher(queues),
    },
  ],
  exports: [JobPublisher, BullModule],
})
export class JobsModule {}
