import { Module, type OnModuleInit } from '@nestjs/common';
import { ConfigModule, Environment } from '#libs/config';
import { FleetRunRepository } from '#libs/domain';
import { checkHandlers, JobPublisher, JobsModule } from '#libs/jobs';
import { HealthModule, LoggingModule, MetricsModule } from '#libs/telemetry';
import { AttributeOutcomesProcessor } from './attribution/attribute-outcomes.processor.js';
import { AttributionModule } from './attribution/attribution.module.js';
import { DatabaseModule } from './database.module.js';
import { EraseDataProcessor } from './erasure/erase-data.processor.js';
import { ErasureModule } from './erasure/erasure.module.js';
import { ExportListsProcessor } from './exports/export-lists.processor.js';
import { ExportsModule } from './exports/exports.module.js';
import { FleetModule } from './fleet/fleet.module.js';
import { MaintenanceModule } from './maintenance/maintenance.module.js';
import { RunPipelineProcessor } from './runs/run-pipeline.processor.js';
import { RunsModule } from './runs/runs.module.js';

/** The night, and what is made of the day. */
@Module({
  imports: [
    ConfigModule,
    LoggingModule.forRootAsync({
      inject: [Environment],
      useFactory: (environment: Environment) => ({ service: 'worker', level: environment.LOG_LEVEL }),
    }),
    MetricsModule.forRootAsync({
      service: 'worker',
      inject: [Environment],
      useToken: (environment: Environment) => environment.METRICS_TOKEN,
    }),
    DatabaseModule,
    JobsModule,
    RunsModule,
    FleetModule,
    AttributionModule,
    ExportsModule,
    ErasureModule,
    MaintenanceModule,
    HealthModule.forRootAsync({
      imports: [JobsModule],
      inject: [FleetRunRepository, JobPublisher],
      useFactory: (runs: FleetRunRepository, jobs: JobPublisher) => [
        { name: 'PostgreSQL', check: async () => void (await runs.countInFlight()) },
        { name: 'Redis', check: async () => void (await jobs.counts()) },
      ],
    }),
  ],
  providers: [RunPipelineProcessor],
})
export class AppModule implements OnModuleInit {
  onModuleInit(): void {
    checkHandlers([
      ...RunPipelineProcessor.handles,
      ...AttributeOutcomesProcessor.handles,
      ...ExportListsProcessor.handles,
      ...EraseDataProcessor.handles,
    ]);
  }
}
