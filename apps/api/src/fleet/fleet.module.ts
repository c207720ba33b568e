import { randomUUID } from 'node:crypto';
import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type pg from 'pg';
import { Environment, required } from '#libs/config';
import {
  BulkActionRepository,
  BulkActionService,
  FleetAlertRepository,
  FleetAlertService,
  FleetReadModel,
  FleetRunRepository,
  FleetTenantRepository,
  FleetTenantService,
  FleetTrailRepository,
  LifecycleRepository,
  LifecycleService,
  MemberService,
  OnboardingService,
  RolloutRepository,
  RolloutService,
  RunRepository,
  RunService,
  TemplateRepository,
  TemplateService,
  TenantRepository,
} from '#libs/domain';
import {
  createPostgresPool,
  PostgresBulkActionRepository,
  PostgresFleetAlertRepository,
  PostgresFleetReadModel,
  PostgresFleetRunRepository,
  PostgresFleetTenantRepository,
  PostgresFleetTrailRepository,
  PostgresRolloutRepository,
  PostgresTemplateRepository,
  ScannedCsvText,
} from '#libs/persistence';
import { AccountsModule } from '../accounts/accounts.module.js';
import { FleetQueuesController } from './fleet-queues.controller.js';
import { FleetQueues } from './fleet-queues.service.js';
import { FleetReportController } from './fleet-report.controller.js';
import { FleetTenantsController } from './fleet-tenants.controller.js';
import { FleetTrailController } from './fleet-trail.controller.js';
import { RolloutsController } from './rollouts.controller.js';
import { TemplatesController } from './templates.controller.js';

const CONNECTIONS = 4;
const PLATFORM_POOL = Symbol('platform pool of the api');

/** The fleet, through the platform's login: names, states and runs of all tenants, and no tenant's data. */
const REPOSITORIES = [
  [TemplateRepository, PostgresTemplateRepository],
  [RolloutRepository, PostgresRolloutRepository],
  [FleetTrailRepository, PostgresFleetTrailRepository],
  [FleetRunRepository, PostgresFleetRunRepository],
  [FleetTenantRepository, PostgresFleetTenantRepository],
  [FleetAlertRepository, PostgresFleetAlertRepository],
  [BulkActionRepository, PostgresBulkActionRepository],
] as const;

@Module({
  imports: [AccountsModule],
  controllers: [
    ...[TemplatesController, RolloutsController, FleetTrailController],
    ...[FleetTenantsController, FleetReportController, FleetQueuesController],
  ],
  providers: [
    {
      provide: PLATFORM_POOL,
      inject: [Environment],
      useFactory: (environment: Environment) =>
        createPostgresPool({
          connectionString: required(environment, 'PLATFORM_DATABASE_URL'),
          max: CONNECTIONS,
          applicationName: 'nightshift-api-fleet',
        }),
    },
    ...REPOSITORIES.map(([port, Implementation]) => ({
      provide: port,
      inject: [PLATFORM_POOL],
      useFactory: (pool: pg.Pool) => new Implementation(pool),
    })),
    {
      provide: FleetReadModel,
      inject: [PLATFORM_POOL, Environment],
      useFactory: (pool: pg.Pool, environment: Environment) =>
        new PostgresFleetReadModel(pool, environment.TENANT_REQUESTS_PER_DAY),
    },
    {
      provide: FleetQueues,
      inject: [Environment],
      useFactory: (environment: Environment) => new FleetQueues(environment),
    },
    {
      provide: TemplateService,
      inject: [TemplateRepository],
      useFactory: (templates: TemplateRepository) => new TemplateService(templates),
    },
    {
      provide: RolloutService,
      inject: [RolloutRepository, TemplateRepository],
      useFactory: (rollouts: RolloutRepository, templates: TemplateRepository) =>
        new RolloutService(rollouts, templates, randomUUID),
    },
    {
      provide: FleetAlertService,
      inject: [FleetAlertRepository],
      useFactory: (alerts: FleetAlertRepository) => new FleetAlertService(alerts),
    },
    {
      provide: BulkActionService,
      inject: [FleetReadModel, BulkActionRepository, TenantRepository, LifecycleRepository, RunRepository],
      useFactory: (
        fleet: FleetReadModel,
        actions: BulkActionRepository,
        tenants: TenantRepository,
        lifecycle: LifecycleRepository,
        runs: RunRepository,
      ) =>
        new BulkActionService(fleet, actions, tenants, new LifecycleService(lifecycle), new RunService(runs)),
    },
    {
      provide: OnboardingService,
      inject: [FleetTenantRepository, MemberService],
      useFactory: (tenants: FleetTenantRepository, members: MemberService) =>
        new OnboardingService(new ScannedCsvText(), new FleetTenantService(tenants), tenants, members),
    },
  ],
})
export class FleetModule implements OnApplicationShutdown {
  constructor(@Inject(PLATFORM_POOL) private readonly pool: pg.Pool) {}

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }
}
