import { Module, type DynamicModule, type FactoryProvider, type ModuleMetadata } from '@nestjs/common';
import { HealthController } from './health.controller.js';
import { Readiness, type ReadinessCheck } from './readiness.js';

export interface HealthModuleOptions {
  readonly imports?: ModuleMetadata['imports'];
  readonly inject?: FactoryProvider['inject'];
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- what is injected is the caller's business
  readonly useFactory: (...injected: any[]) => readonly ReadinessCheck[];
}

/** `GET /health/live` and `GET /health/ready`. */
@Module({})
export class HealthModule {
  static forRootAsync(options: HealthModuleOptions): DynamicModule {
    return {
      module: HealthModule,
      imports: options.imports,
      controllers: [HealthController],
      providers: [
        {
          provide: Readiness,
          inject: options.inject,
          useFactory: (...injected: unknown[]) => new Readiness(options.useFactory(...injected)),
        },
      ],
    };
  }
}
