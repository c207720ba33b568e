import { Module, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Environment } from '#libs/config';
import {
  ExportFileStore,
  FleetExportRepository,
  ListExportRepository,
  ListStore,
  ModelRegistryRepository,
  OfferingRepository,
} from '#libs/domain';
import { JobPublisher, JobsModule } from '#libs/jobs';
import type { ExportPorts } from '#libs/pipeline';
import { RepeatingTask } from '../fleet/repeating-task.js';
import { ExportDispatcher } from './export-dispatcher.js';
import { EXPORT_PORTS, ExportListsProcessor } from './export-lists.processor.js';

const SWEEP_MS = 60_000;

@Module({
  imports: [JobsModule],
  providers: [
    ExportListsProcessor,
    {
      provide: EXPORT_PORTS,
      inject: [ListExportRepository, ExportFileStore, ModelRegistryRepository, OfferingRepository, ListStore],
      useFactory: (
        exports: ListExportRepository,
        files: ExportFileStore,
        registry: ModelRegistryRepository,
        offerings: OfferingRepository,
        lists: ListStore,
      ): ExportPorts => ({ exports, files, registry, offerings, lists }),
    },
    {
      provide: ExportDispatcher,
      inject: [FleetExportRepository, ListExportRepository, ExportFileStore, JobPublisher],
      useFactory: (
        fleet: FleetExportRepository,
        exports: ListExportRepository,
        files: ExportFileStore,
        jobs: JobPublisher,
      ) => new ExportDispatcher(fleet, exports, files, jobs),
    },
  ],
})
export class ExportsModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly tasks: readonly RepeatingTask[];

  constructor(dispatcher: ExportDispatcher, environment: Environment) {
    this.tasks = [
      new RepeatingTask('export dispatcher', environment.POLL_MS, () => dispatcher.tick()),
      new RepeatingTask('export sweeper', SWEEP_MS, () => dispatcher.sweep()),
    ];
  }

  onApplicationBootstrap(): void {
    for (const task of this.tasks) task.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.tasks.map((task) => task.stop()));
  }
}
