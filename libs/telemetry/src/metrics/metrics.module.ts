import { Module, type DynamicModule, type FactoryProvider } from '@nestjs/common';
import { MetricsAccess } from './metrics-access.js';
import { MetricsController } from './metrics.controller.js';
import { createMetricsRegistry, MetricsRegistry } from './metrics-registry.js';

export interface MetricsModuleOptions {
  /** Which process counts: api, serving, worker. */
  readonly service: string;
  readonly inject?: FactoryProvider['inject'];
  /** Answers the token that scrapers send; undefined: only this machine may read. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- what is injected is the caller's business
  readonly useToken: (...injected: any[]) => string | undefined;
}

/** `GET /metrics` in Prometheus' format, and the registry to add one's own metrics to. */
@Module({})
export class MetricsModule {
  static forRootAsync({ service, inject, useToken }: MetricsModuleOptions): DynamicModule {
    return {
      module: MetricsModule,
      global: true,
      controllers: [MetricsController],
      providers: [
        { provide: MetricsRegistry, useFactory: () => createMetricsRegistry(service) },
        {
          provide: MetricsAccess,
          inject,
          useFactory: (...injected: unknown[]) => new MetricsAccess(useToken(...injected)),
        },
      ],
      exports: [MetricsRegistry],
    };
  }
}
