import { Module, type DynamicModule } from '@nestjs/common';
import { MetricsController } from './metrics.controller.js';
import { createMetricsRegistry, MetricsRegistry } from './metrics-registry.js';

/** `GET /metrics` in Prometheus' format, and the registry to add one's own metrics to. */
@Module({})
export class MetricsModule {
  static forRoot(service: string): DynamicModule {
    return {
      module: MetricsModule,
      global: true,
      controllers: [MetricsController],
      providers: [{ provide: MetricsRegistry, useFactory: () => createMetricsRegistry(service) }],
      exports: [MetricsRegistry],
    };
  }
}
