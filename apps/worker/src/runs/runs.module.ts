import { Module, type OnApplicationShutdown } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Environment } from '#libs/config';
import { FleetRunRepository, TenantSizeReadModel } from '#libs/domain';
import { MetricsRegistry } from '#libs/telemetry';
import { Drain } from './drain.js';
import { EmptyQueue } from './empty-queue.js';
import { WORKER_ID } from './night-ports.js';
import { RunLanes } from './run-lanes.js';
import { RunMetrics } from './run-metrics.js';
import { RunThreads } from './run-threads.js';
import { StopSignal } from './stop-signal.js';

export { WORKER_ID };

const SMALL_RUNS = Symbol('threads of small runs');
const LARGE_RUNS = Symbol('thread of large runs');

@Module({
  providers: [
    { provide: WORKER_ID, useFactory: () => `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}` },
    { provide: EmptyQueue, useFactory: () => new EmptyQueue() },
    { provide: StopSignal, useFactory: () => new StopSignal() },
    {
      provide: Drain,
      inject: [WORKER_ID, Environment, FleetRunRepository, StopSignal],
      useFactory: (
        workerId: string,
        environment: Environment,
        runs: FleetRunRepository,
        signal: StopSignal,
      ) => new Drain(workerId, environment.STOP_GRACE_MS, runs, signal),
    },
    {
      provide: RunMetrics,
      inject: [MetricsRegistry],
      useFactory: (registry: MetricsRegistry) => new RunMetrics(registry),
    },
    {
      provide: SMALL_RUNS,
      inject: [Environment, WORKER_ID, StopSignal, RunMetrics],
      useFactory: (environment: Environment, workerId: string, stop: StopSignal, metrics: RunMetrics) =>
        RunThreads.forSmallRuns(environment.WORKER_SLOTS, workerId, stop, metrics),
    },
    {
      provide: LARGE_RUNS,
      inject: [Environment, WORKER_ID, StopSignal, RunMetrics],
      useFactory: (environment: Environment, workerId: string, stop: StopSignal, metrics: RunMetrics) =>
        RunThreads.forLargeRuns(environment.WORKER_THREADS, workerId, stop, metrics),
    },
    {
      provide: RunLanes,
      inject: [TenantSizeReadModel, SMALL_RUNS, LARGE_RUNS, Environment],
      useFactory: (
        sizes: TenantSizeReadModel,
        small: RunThreads,
        large: RunThreads,
        environment: Environment,
      ) => new RunLanes(sizes, small, large, environment.WORKER_MEMORY_MB * 2 ** 20),
    },
    {
      provide: 'close run threads',
      inject: [SMALL_RUNS, LARGE_RUNS, Drain],
      useFactory: (small: RunThreads, large: RunThreads, drain: Drain): OnApplicationShutdown => ({
        onApplicationShutdown: () =>
          Promise.race([Promise.all([small.close(), large.close()]), drain.timeIsUp]),
      }),
    },
  ],
  exports: [WORKER_ID, RunLanes, EmptyQueue, Drain],
})
export class RunsModule {}
