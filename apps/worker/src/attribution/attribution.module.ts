import { Module, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Environment } from '#libs/config';
import { AttributionRepository, AttributionService, FleetTenantRepository, Leadership } from '#libs/domain';
import { JobPublisher, JobsModule } from '#libs/jobs';
import { RepeatingTask } from '../fleet/repeating-task.js';
import { AttributeOutcomesProcessor } from './attribute-outcomes.processor.js';
import { AttributionPlanner } from './attribution-planner.js';

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
