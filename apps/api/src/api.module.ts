import { Module } from '@nestjs/common';
import { ConfigModule, Environment } from '#libs/config';
import { AuthenticationModule, SessionAccess, TenantAccess } from '#libs/http';
import { TenantDatabase } from '#libs/persistence';
import {
  HealthController,
  HealthModule,
  LoggingModule,
  MetricsController,
  MetricsModule,
} from '#libs/telemetry';
import { AccountsModule } from './accounts/accounts.module.js';
import { InvitationsController } from './accounts/invitations.controller.js';
import { OpenIdController } from './accounts/open-id.controller.js';
import { SessionController } from './accounts/session.controller.js';
import { StoredSessionAccess } from './accounts/stored-session-access.js';
import { AuditModule } from './audit/audit.module.js';
import { StoredTenantAccess } from './authentication/stored-tenant-access.js';
import { CustomersModule } from './customers/customers.module.js';
import { InsightsModule } from './insights/insights.module.js';
import { DatabaseModule } from './database.module.js';
import { ErasuresModule } from './erasures/erasures.module.js';
import { EventsModule } from './events/events.module.js';
import { ExportsModule } from './exports/exports.module.js';
import { FleetModule } from './fleet/fleet.module.js';
import { GorseModule } from './gorse/gorse.module.js';
import { ImportsModule } from './imports/imports.module.js';
import { KeysModule } from './keys/keys.module.js';
import { KpisModule } from './kpis/kpis.module.js';
import { LifecycleModule } from './lifecycle/lifecycle.module.js';
import { ProductsModule } from './products/products.module.js';
import { RegistryModule } from './registry/registry.module.js';
import { RulesModule } from './rules/rules.module.js';
import { RunsModule } from './runs/runs.module.js';
import { SettingsModule } from './settings/settings.module.js';
import { TenantsModule } from './tenants/tenants.module.js';

const SERVICE = 'api';

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
    HealthModule.forRootAsync({
      inject: [TenantDatabase],
      useFactory: (database: TenantDatabase) => [{ name: 'Postgres', check: () => askPostgres(database) }],
    }),
    DatabaseModule,
    AuthenticationModule.forRoot({
      imports: [KeysModule, AccountsModule],
      providers: [
        { provide: TenantAccess, useClass: StoredTenantAccess },
        { provide: SessionAccess, useClass: StoredSessionAccess },
      ],
      openControllers: [
        ...[HealthController, MetricsController],
        ...[SessionController, OpenIdController, InvitationsController],
      ],
    }),
    AccountsModule,
    AuditModule,
    TenantsModule,
    ImportsModule,
    GorseModule,
    LifecycleModule,
    SettingsModule,
    EventsModule,
    RunsModule,
    RegistryModule,
    RulesModule,
    ProductsModule,
    KpisModule,
    ExportsModule,
    CustomersModule,
    InsightsModule,
    ErasuresModule,
    FleetModule,
    KeysModule,
  ],
})
export class ApiModule {}

async function askPostgres(database: TenantDatabase): Promise<void> {
  await database.runNamed({}, (client) => client.query('SELECT 1'));
}
