import { Module } from '@nestjs/common';
import { ConfigModule, Environment } from '#libs/config';
import { AuthenticationModule, TenantAccess } from '#libs/http';
import {
  HealthController,
  HealthModule,
  LoggingModule,
  MetricsController,
  MetricsModule,
} from '#libs/telemetry';
import { NewKeysService } from './authentication/new-keys.service.js';
import { ServedTenantAccess } from './authentication/served-tenant-access.js';
import { DatabaseModule } from './database.module.js';
import { ExpressLane } from './express/express-lane.js';
import { GorseController } from './gorse/gorse.controller.js';
import { OutcomesController } from './outcomes/outcomes.controller.js';
import { PointerRefreshService } from './pointers/pointer-refresh.service.js';
import { PointerTable } from './pointers/pointer-table.js';
import { PointersModule } from './pointers/pointers.module.js';
import { OpenLiveLists } from './recommendations/open-live-lists.js';
import { QuotaExchangeService } from './quotas/quota-exchange.service.js';
import { RecommendationsController } from './recommendations/recommendations.controller.js';
import { RecommendationsService } from './recommendations/recommendations.service.js';
import { ServedAnswersService } from './served/served-answers.service.js';

const SERVICE = 'serving';

/** The data plane: one process answers for every tenant, from files and memory of its own. */
@Module({
  imports: [
    ConfigModule,
    LoggingModule.forRootAsync({
      inject: [Environment],
      useFactory: (environment: Environment) => ({ service: SERVICE, level: environment.LOG_LEVEL }),
    }),
    MetricsModule.forRootAsync({
      service: SERVICE,
      inject: [Environment],
      useToken: (environment: Environment) => environment.METRICS_TOKEN,
    }),
    DatabaseModule,
    PointersModule,
    AuthenticationModule.forRoot({
      providers: [NewKeysService, { provide: TenantAccess, useClass: ServedTenantAccess }],
      openControllers: [HealthController, MetricsController],
    }),
    HealthModule.forRootAsync({
      inject: [PointerTable, PointerRefreshService],
      useFactory: (table: PointerTable, refresher: PointerRefreshService) => [
        { name: 'the table of pointers', check: () => haveTable(table) },
        { name: 'this node, which is stopping,', check: () => stillRunning(refresher) },
      ],
    }),
  ],
  controllers: [RecommendationsController, OutcomesController, GorseController],
  providers: [RecommendationsService, OpenLiveLists, ExpressLane, ServedAnswersService, QuotaExchangeService],
})
export class ServingModule {}

/** From the database or from the disk: either is enough to serve. */
async function haveTable(table: PointerTable): Promise<void> {
  if (!table.loaded) throw new Error('No pointers have been loaded.');
}

async function stillRunning(refresher: PointerRefreshService): Promise<void> {
  if (refresher.stopping) throw new Error('Shutting down.');
}
