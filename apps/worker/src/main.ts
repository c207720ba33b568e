import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Logger } from 'nestjs-pino';
import { Environment, usableMemoryBytes } from '#libs/config';
import { configureHttp, createHttpAdapter } from '#libs/http';
import { AppModule } from './app.module.js';
import { useRoomyHeaps } from './runs/roomy-heaps.js';

useRoomyHeaps(usableMemoryBytes());
const app = await NestFactory.create<NestFastifyApplication>(AppModule, createHttpAdapter(), {
  bufferLogs: true,
});
app.useLogger(app.get(Logger));
configureHttp(app);
const environment = app.get(Environment);
await app.listen(environment.WORKER_PORT, environment.HOST);
