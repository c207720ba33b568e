import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { RequestListener, Server } from 'node:http';
import { configureHttp, createHttpAdapter, limitBodiesUnderWay, setUpOpenApi } from '#libs/http';
import { createNestLogger, MetricsRegistry, recordHttpMetrics } from '#libs/telemetry';
import { ExpressLane } from './express/express-lane.js';
import { ServingModule } from './serving.module.js';

/** A batch of feedback: a thousand rows, and a kilobyte for each. */
const FEEDBACK_LIMIT_BYTES = 1_048_576;

/** Bodies in memory at once: whoever would go beyond is told to come back. */
const BODIES_UNDER_WAY_BYTES = 64 * 1_048_576;
/** From the first byte of a request to its last; none is larger than a batch of feedback. */
const REQUEST_TIMEOUT_MS = 30_000;

const DESCRIPTION = 'What to offer a customer now, and what came of it.';

/** The whole data plane, not yet listening: `main.ts` and the tests start from here. */
export async function createServing(): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(ServingModule, createHttpAdapter(), {
    bufferLogs: true,
  });
  app.useLogger(createNestLogger(app));
  configureHttp(app);
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onRoute', (route) => {
    if (route.url.endsWith('/outcomes') || route.url === '/api/feedback')
      route.bodyLimit = FEEDBACK_LIMIT_BYTES;
  });
  limitBodiesUnderWay(fastify, BODIES_UNDER_WAY_BYTES);
  const times = recordHttpMetrics(fastify, app.get(MetricsRegistry));
  const server: Server = app.getHttpServer();
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  const [ordinary] = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request').on('request', app.get(ExpressLane).before(ordinary, times));
  setUpOpenApi(app, { title: 'Nightshift data plane', description: DESCRIPTION });
  return app;
}
