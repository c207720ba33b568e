import fastifyCookie from '@fastify/cookie';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Environment } from '#libs/config';
import { answerConditionally, configureHttp, createHttpAdapter, setUpOpenApi } from '#libs/http';
import { createNestLogger, MetricsRegistry, recordHttpMetrics } from '#libs/telemetry';
import { SessionCookie } from './accounts/session-cookie.js';
import { ApiModule } from './api.module.js';
import { serveConsole } from './console/serve-console.js';
import { registerImportBodies } from './imports/register-import-bodies.js';

const DESCRIPTION = `A tenant's data, nights, models and keys. Recommendations are asked of the data plane, which describes itself
at \`/docs\` of its own address.`;

/** A batch of rows as programs send it that were written for Gorse. */
const BATCH_LIMIT_BYTES = 1_048_576;
/** Some thousand tenants. */
const ONBOARDING_LIMIT_BYTES = 1_048_576;
/** Five hundred rules, and two kilobytes for each. */
const RULES_LIMIT_BYTES = 1_048_576;

/** 262,144 characters of four bytes at most, and a mapping. */
const SAMPLE_LIMIT_BYTES = 1_310_720;

/** The whole control plane, not yet listening: `main.ts` and the tests start from here. */
export async function createApi(): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(ApiModule, createHttpAdapter(), {
    bufferLogs: true,
  });
  app.useLogger(createNestLogger(app));
  configureHttp(app);
  const fastify = app.getHttpAdapter().getInstance();
  await fastify.register(fastifyCookie);
  answerConditionally(fastify);
  registerImportBodies(fastify);
  fastify.addHook('onRoute', (route) => {
    if (/\/(?:rules|rules\/preview|reranking\/preview)$/.test(route.url)) route.bodyLimit = RULES_LIMIT_BYTES;
    if (route.url === '/v1/fleet/onboarding') route.bodyLimit = ONBOARDING_LIMIT_BYTES;
    if (route.url.endsWith('/imports/preview')) route.bodyLimit = SAMPLE_LIMIT_BYTES;
    if (route.url === '/api/items' || route.url === '/api/users') route.bodyLimit = BATCH_LIMIT_BYTES;
  });
  recordHttpMetrics(fastify, app.get(MetricsRegistry));
  await serveConsole(fastify, app.get(Environment).CONSOLE_DIR);
  setUpOpenApi(app, {
    title: 'Nightshift control plane',
    description: DESCRIPTION,
    sessionCookie: app.get(SessionCookie).name,
  });
  return app;
}
