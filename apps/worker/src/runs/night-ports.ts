import type { FactoryProvider } from '@nestjs/common';
import { Environment } from '#libs/config';
import {
  ArtifactStore,
  DataQualityRepository,
  ListStore,
  ModelRegistryRepository,
  OfferingRepository,
  RunRepository,
  SnapshotSource,
  TemplateCatalogue,
  TenantRepository,
} from '#libs/domain';
import type { Executor, MeasureNumerics, NightPorts } from '#libs/pipeline';
import { FileCleaner } from './file-cleaner.js';
import { RunExecution } from './run-execution.js';
import { threadsFor } from './run-slots.js';
import type { RunTally } from './run-tally.js';
import { StopSignal } from './stop-signal.js';

/** Name of this process in leases and heartbeats. */
export const WORKER_ID = Symbol('worker id');
export const RUN_TALLY = Symbol('run tally');
/** What does the numerics, and counts them. */
export const NUMERICS = Symbol('numerics');
const NIGHT_PORTS = Symbol('night ports');

export interface Numerics {
  readonly executor: Executor;
  readonly measure: MeasureNumerics;
  /** CPU time so far of the threads that its runs use. */
  readonly cpuSeconds: () => number;
}

/** What one attempt at a run needs, on whatever thread; the threads differ in their numerics and in whom they tell. */
export const RUN_PROVIDERS: readonly FactoryProvider[] = [
  {
    provide: NIGHT_PORTS,
    inject: [
      SnapshotSource,
      ArtifactStore,
      ListStore,
      ModelRegistryRepository,
      DataQualityRepository,
      OfferingRepository,
      TemplateCatalogue,
      NUMERICS,
      Environment,
    ],
    useFactory: (
      source: SnapshotSource,
      artifacts: ArtifactStore,
      lists: ListStore,
      registry: ModelRegistryRepository,
      quality: DataQualityRepository,
      offerings: OfferingRepository,
      templates: TemplateCatalogue,
      { executor, measure }: Numerics,
      environment: Environment,
    ): NightPorts => ({
      source,
      artifacts,
      lists,
      registry,
      quality,
      offerings,
      templates,
      executor,
      numerics: measure,
      fitMemoryBytes: Math.floor(
        (environment.WORKER_MEMORY_MB * 2 ** 20) / threadsFor(environment.WORKER_SLOTS),
      ),
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
    provide: RunExecution,
    inject: [
      WORKER_ID,
      Environment,
      RunRepository,
      TenantRepository,
      NIGHT_PORTS,
      FileCleaner,
      RUN_TALLY,
      StopSignal,
      NUMERICS,
    ],
    useFactory: (
      workerId: string,
      environment: Environment,
      runs: RunRepository,
      tenants: TenantRepository,
      ports: NightPorts,
      cleaner: FileCleaner,
      tally: RunTally,
      stop: StopSignal,
      { cpuSeconds }: Numerics,
    ) => {
      const { LEASE_MS } = environment;
      return new RunExecution(workerId, LEASE_MS, runs, tenants, ports, cleaner, tally, stop, cpuSeconds);
    },
  },
];
