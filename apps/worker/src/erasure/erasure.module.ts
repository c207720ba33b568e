import { Module, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Environment } from '#libs/config';
import {
  ArtifactStore,
  ErasureFiles,
  ErasureLedger,
  ErasureRepository,
  FleetErasureRepository,
  ListStore,
  type ErasurePorts,
} from '#libs/domain';
import { JobPublisher, JobsModule } from '#libs/jobs';
import { RepeatingTask } from '../fleet/repeating-task.js';
import { ERASURE_PORTS, EraseDataProcessor } from './erase-data.processor.js';
import { ErasureDispatcher } from './erasure-dispatcher.js';

@Module({
  imports: [JobsModule],
  providers: [
    EraseDataProcessor,
    {
      provide: ERASURE_PORTS,
      inject: [ErasureRepository, ErasureLedger, ErasureFiles, ListStore, ArtifactStore],
      useFactory: (
        erasures: ErasureRepository,
        ledger: ErasureLedger,
        files: ErasureFiles,
        lists: ListStore,
        artifacts: ArtifactStore,
      ): ErasurePorts => ({ erasures, ledger, files, lists, artifacts }),
    },
    {
      provide: ErasureDispatcher,
      inject: [FleetErasureRepository, JobPublisher],
      useFactory: (fleet: FleetErasureRepository, jobs: JobPublisher) => new ErasureDispatcher(fleet, jobs),
    },
  ],
})
export class ErasureModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly task: RepeatingTask;

  constructor(dispatcher: ErasureDispatcher, environment: Environment) {
    this.task = new RepeatingTask('erasure dispatcher', environment.POLL_MS, () => dispatcher.tick());
  }

  onApplicationBootstrap(): void {
    this.task.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.task.stop();
  }
}
