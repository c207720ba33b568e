import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { configureHttp, createHttpAdapter } from '#libs/http';
import { createNestLogger, MetricsRegistry, recordHttpMetrics } from '#libs/telemetry';
import { ServingModule } from './serving.module.js';

/** The whole data plane, not yet listening: `main.ts` and the tests start from here. */
export async function createServing(): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(ServingModule, createHttpAdapter(), {
    bufferLogs: true,
  });
  app.useLogger(createNestLogger(app));
  configureHttp(app);
  recordHttpMetrics(app.getHttpAdapter().getInstance(), app.get(MetricsRegistry));
  return app;
}
