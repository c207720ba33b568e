import { Module, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Environment } from '#libs/config';
import {
  ArtifactStore,
  FleetRetentionRepository,
  FleetTenantRepository,
  ListStore,
  ModelRegistryRepository,
  RetentionFiles,
  RetentionRepository,
  RetentionService,
} from '#libs/domain';
import { MetricsRegistry } from '#libs/telemetry';
import { RepeatingTask } from '../fleet/repeating-task.js';
import { MaintenanceMetrics } from './maintenance-metrics.js';
import { MaintenanceService } from './maintenance.service.js';

@Module({
  providers: [
    {
      provide: RetentionService,
      inject: [
        RetentionRepository,
        FleetRetentionRepository,
        RetentionFiles,
        FleetTenantRepository,
        ModelRegistryRepository,
        ArtifactStore,
        ListStore,
      ],
      useFactory: (
        rows: RetentionRepository,
        fleetRows: FleetRetentionRepository,
        files: RetentionFiles,
        tenants: FleetTenantRepository,
        registry: ModelRegistryRepository,
        artifacts: ArtifactStore,
        lists: ListStore,
      ) => new RetentionService({ rows, fleetRows, files, tenants, registry, artifacts, lists }),
    },
    {
      provide: MaintenanceService,
      inject: [FleetRetentionRepository, RetentionService, MetricsRegistry, Environment],
      useFactory: (
        fleet: FleetRetentionRepository,
        retention: RetentionService,
        registry: MetricsRegistry,
        { MAINTAIN_MS }: Environment,
      ) =>
        new MaintenanceService(fleet, retention, new MaintenanceMetrics(registry), Date.now() + MAINTAIN_MS),
    },
  ],
})
export class MaintenanceModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly task: RepeatingTask;

  constructor(
    private readonly service: MaintenanceService,
    environment: Environment,
  ) {
    this.task = new RepeatingTask('maintenance', environment.MAINTAIN_MS, () => service.tick());
  }

  onApplicationBootstrap(): void {
    this.task.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    this.service.stop();
    return this.task.stop();
  }
}
