import { Module, type OnApplicationShutdown } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Environment } from '#libs/config';
import { FleetRunRepository, TenantSizeReadModel } from '#libs/domain';
import { MetricsRegistry } from '#libs/telemetry';
import { ThreadPoolExecutor } from '#libs/threads';
import { Drain } from './drain.js';
import { EmptyQueue } from './empty-queue.js';
import { measureThread, threadCpuSeconds } from './measure-thread.js';
import { NUMERICS, RUN_PROVIDERS, RUN_TALLY, WORKER_ID, type Numerics } from './night-ports.js';
import { RunExecution } from './run-execution.js';
import { RunLanes } from './run-lanes.js';
import { RunMetrics } from './run-metrics.js';
import { RunThreads } from './run-threads.js';
import { StopSignal } from './stop-signal.js';

export { WORKER_ID };

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
    { provide: RUN_TALLY, useExisting: RunMetrics },
    {
      provide: ThreadPoolExecutor,
      inject: [Environment, RunMetrics],
      useFactory: (environment: Environment, metrics: RunMetrics) =>
        new ThreadPoolExecutor(environment.WORKER_THREADS, (task, seconds) =>
          metrics.countKernel(task, seconds),
        ),
    },
    {
      provide: NUMERICS,
      inject: [ThreadPoolExecutor, RunMetrics],
      useFactory: (executor: ThreadPoolExecutor, metrics: RunMetrics): Numerics => {
        const measureHere = measureThread((part, seconds) => metrics.countKernel(part, seconds));
        // The kernel threads count for themselves; lists are re-ranked here.
        return {
          executor,
          measure: (part, work) => (part === 'rerank' ? measureHere(part, work) : work()),
          cpuSeconds: () => threadCpuSeconds() + executor.cpuSeconds,
        };
      },
    },
    ...RUN_PROVIDERS,
    {
      provide: RunThreads,
      inject: [Environment, WORKER_ID, StopSignal, RunMetrics],
      useFactory: (environment: Environment, workerId: string, stop: StopSignal, metrics: RunMetrics) =>
        new RunThreads(environment.WORKER_SLOTS, workerId, stop, metrics),
    },
    {
      provide: RunLanes,
      inject: [TenantSizeReadModel, RunThreads, RunExecution, Environment],
      useFactory: (
        sizes: TenantSizeReadModel,
        small: RunThreads,
        large: RunExecution,
        environment: Environment,
      ) => new RunLanes(sizes, small, large, environment.WORKER_MEMORY_MB * 2 ** 20),
    },
    {
      provide: 'close run threads',
      inject: [RunThreads, Drain],
      useFactory: (threads: RunThreads, drain: Drain): OnApplicationShutdown => ({
        onApplicationShutdown: () => Promise.race([threads.close(), drain.timeIsUp]),
      }),
    },
  ],
  exports: [WORKER_ID, RunLanes, EmptyQueue, Drain, ThreadPoolExecutor],
})
export class RunsModule {}
