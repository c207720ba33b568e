import { Module } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Environment } from '#libs/config';
import {
  ArtifactStore,
  DataQualityRepository,
  ListStore,
  ModelRegistryRepository,
  OfferingRepository,
  RunRepository,
  SnapshotSource,
  TenantRepository,
} from '#libs/domain';
import type { NightPorts } from '#libs/pipeline';
import { MetricsRegistry } from '#libs/telemetry';
import { ThreadPoolExecutor } from '#libs/threads';
import { FileCleaner } from './file-cleaner.js';
import { RunExecution } from './run-execution.js';
import { RunMetrics } from './run-metrics.js';

/** Name of this process in leases and heartbeats. */
export const WORKER_ID = Symbol('worker id');
const NIGHT_PORTS = Symbol('night ports');

@Module({
  providers: [
    { provide: WORKER_ID, useFactory: () => `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}` },
    {
      provide: ThreadPoolExecutor,
      inject: [Environment, RunMetrics],
      useFactory: (environment: Environment, metrics: RunMetrics) =>
        new ThreadPoolExecutor(environment.WORKER_THREADS, metrics.countKernel),
    },
    {
      provide: NIGHT_PORTS,
      inject: [
        SnapshotSource,
        ArtifactStore,
        ListStore,
        ModelRegistryRepository,
        DataQualityRepository,
        OfferingRepository,
        ThreadPoolExecutor,
        Environment,
      ],
      useFactory: (
        source: SnapshotSource,
        artifacts: ArtifactStore,
        lists: ListStore,
        registry: ModelRegistryRepository,
        quality: DataQualityRepository,
        offerings: OfferingRepository,
        executor: ThreadPoolExecutor,
        environment: Environment,
      ): NightPorts => ({
        source,
        artifacts,
        lists,
        registry,
        quality,
        offerings,
        executor,
        fitMemoryBytes: Math.floor((environment.WORKER_MEMORY_MB * 2 ** 20) / environment.WORKER_SLOTS),
        codeVersion: environment.CODE_VERSION ?? 'unknown',
      }),
    },
    {
      provide: FileCleaner,
      inject: [ModelRegistryRepository, ArtifactStore, ListStore],
      useFactory: (registry: ModelRegistryRepository, artifacts: ArtifactStore, lists: ListStore) =>
        new FileCleaner(registry, artifacts, lists),
    },
    {
      provide: RunMetrics,
      inject: [MetricsRegistry],
      useFactory: (registry: MetricsRegistry) => new RunMetrics(registry),
    },
    {
      provide: RunExecution,
      inject: [WORKER_ID, Environment, RunRepository, TenantRepository, NIGHT_PORTS, FileCleaner, RunMetrics],
      useFactory: (
        workerId: string,
        environment: Environment,
        runs: RunRepository,
        tenants: TenantRepository,
        ports: NightPorts,
        cleaner: FileCleaner,
        metrics: RunMetrics,
      ) => new RunExecution(workerId, environment.LEASE_MS, runs, tenants, ports, cleaner, metrics),
    },
  ],
  exports: [WORKER_ID, RunExecution, ThreadPoolExecutor],
})
export class RunsModule {}
