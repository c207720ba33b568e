import { randomUUID } from 'node:crypto';
import { Module } from '@nestjs/common';
import { Redis } from 'ioredis';
import { Environment } from '#libs/config';
import {
  FleetRunRepository,
  Leadership,
  OutboxRepository,
  RolloutRepository,
  RolloutService,
  TemplateRepository,
  WorkerRepository,
} from '#libs/domain';
import { JobPublisher, JobsModule, pointerChannel, redisOptions } from '#libs/jobs';
import { MetricsRegistry } from '#libs/telemetry';
import { Drain } from '../runs/drain.js';
import { EmptyQueue } from '../runs/empty-queue.js';
import { RunsModule, WORKER_ID } from '../runs/runs.module.js';
import { QueueMetrics } from './queue-metrics.js';
import { Dispatcher } from './dispatcher.js';
import { FleetService } from './fleet.service.js';
import { LateMetrics } from './late-metrics.js';
import { OutboxRelay } from './outbox-relay.js';
import { Planner } from './planner.js';
import { RepeatingTask } from './repeating-task.js';
import { RolloutGuard } from './rollout-guard.js';

const HEARTBEAT_MS = 5_000;
const RELAY_REDIS = Symbol('redis of the outbox relay');

@Module({
  imports: [JobsModule, RunsModule],
  providers: [
    {
      provide: RELAY_REDIS,
      inject: [Environment],
      useFactory: (environment: Environment) => {
        // Unlike a queue's connection this one fails at once: an outbox message can wait, its transaction cannot.
        const redis = new Redis({
          ...redisOptions(environment),
          maxRetriesPerRequest: 0,
          enableOfflineQueue: false,
        });
        redis.on('error', () => undefined);
        return Object.assign(redis, { onApplicationShutdown: () => redis.disconnect() });
      },
    },
    {
      provide: Dispatcher,
      inject: [FleetRunRepository, WorkerRepository, JobPublisher, Leadership],
      useFactory: (
        runs: FleetRunRepository,
        workers: WorkerRepository,
        jobs: JobPublisher,
        leadership: Leadership,
      ) => new Dispatcher(runs, workers, jobs, leadership),
    },
    {
      provide: Planner,
      inject: [FleetRunRepository, Leadership],
      useFactory: (runs: FleetRunRepository, leadership: Leadership) => new Planner(runs, leadership),
    },
    {
      provide: RolloutGuard,
      inject: [RolloutRepository, TemplateRepository, Leadership],
      useFactory: (rollouts: RolloutRepository, templates: TemplateRepository, leadership: Leadership) =>
        new RolloutGuard(new RolloutService(rollouts, templates, randomUUID), leadership),
    },
    {
      provide: LateMetrics,
      inject: [MetricsRegistry, FleetRunRepository],
      useFactory: (registry: MetricsRegistry, runs: FleetRunRepository) => new LateMetrics(registry, runs),
    },
    {
      provide: QueueMetrics,
      inject: [MetricsRegistry, FleetRunRepository],
      useFactory: (registry: MetricsRegistry, runs: FleetRunRepository) => new QueueMetrics(registry, runs),
    },
    {
      provide: OutboxRelay,
      inject: [OutboxRepository, RELAY_REDIS, Environment],
      useFactory: (outbox: OutboxRepository, redis: Redis, environment: Environment) =>
        new OutboxRelay(outbox, redis, pointerChannel(environment)),
    },
    {
      provide: FleetService,
      inject: [
        WORKER_ID,
        Environment,
        WorkerRepository,
        Drain,
        EmptyQueue,
        Dispatcher,
        Planner,
        RolloutGuard,
        OutboxRelay,
      ],
      useFactory: (
        workerId: string,
        environment: Environment,
        workers: WorkerRepository,
        drain: Drain,
        emptyQueue: EmptyQueue,
        dispatcher: Dispatcher,
        planner: Planner,
        guard: RolloutGuard,
        relay: OutboxRelay,
      ) => {
        const dispatching = new RepeatingTask('dispatcher', environment.POLL_MS, () => dispatcher.tick());
        emptyQueue.listen(() => dispatching.soon());
        return new FleetService(workerId, workers, drain, [
          new RepeatingTask('heartbeat', HEARTBEAT_MS, () =>
            workers.heartbeat(workerId, environment.WORKER_SLOTS),
          ),
          dispatching,
          new RepeatingTask('planner', environment.PLAN_MS, () => planner.tick()),
          new RepeatingTask('roll-out guard', environment.PLAN_MS, () => guard.tick()),
          new RepeatingTask('outbox relay', environment.POLL_MS, () => relay.tick()),
        ]);
      },
    },
  ],
})
export class FleetModule {}
