import { Module, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Environment } from '#libs/config';
import {
  AttributionRepository,
  AttributionService,
  FleetTenantRepository,
  KpiReadModel,
  Leadership,
  RunRepository,
  TriggerRepository,
  TriggerService,
} from '#libs/domain';
import { JobPublisher, JobsModule } from '#libs/jobs';
import { MetricsRegistry } from '#libs/telemetry';
import { RepeatingTask } from '../fleet/repeating-task.js';
import { AttributeOutcomesProcessor } from './attribute-outcomes.processor.js';
import { AttributionPlanner } from './attribution-planner.js';
import { TriggerCounter } from './trigger-counter.js';

@Module({
  imports: [JobsModule],
  providers: [
    AttributeOutcomesProcessor,
    {
      provide: AttributionService,
      inject: [AttributionRepository],
      useFactory: (repository: AttributionRepository) => new AttributionService(repository),
    },
    {
      provide: TriggerService,
      inject: [TriggerRepository, KpiReadModel, RunRepository],
      useFactory: (triggers: TriggerRepository, kpis: KpiReadModel, runs: RunRepository) =>
        new TriggerService(triggers, kpis, runs),
    },
    {
      provide: TriggerCounter,
      inject: [{ token: MetricsRegistry, optional: true }],
      useFactory: (registry: MetricsRegistry | undefined) => new TriggerCounter(registry),
    },
    {
      provide: AttributionPlanner,
      inject: [FleetTenantRepository, JobPublisher, Leadership],
      useFactory: (tenants: FleetTenantRepository, jobs: JobPublisher, leadership: Leadership) =>
        new AttributionPlanner(tenants, jobs, leadership),
    },
  ],
})
export class AttributionModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly task: RepeatingTask;

  constructor(planner: AttributionPlanner, environment: Environment) {
    this.task = new RepeatingTask('attribution', environment.ATTRIBUTE_MS, () => planner.tick());
  }

  onApplicationBootstrap(): void {
    this.task.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.task.stop();
  }
}
