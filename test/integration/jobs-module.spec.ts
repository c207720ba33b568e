import 'reflect-metadata';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Processor, WorkerHost } from '@nestjs/bullmq';
import {
  Module,
  type DynamicModule,
  type INestApplicationContext,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Job } from 'bullmq';
import { Environment } from '#libs/config';
import { JobPublisher, JobsModule, TRAINING_QUEUE } from '#libs/jobs';
import { openTestQueues, type TestQueues } from '#libs/testing';

/** Longer than a blocking wait of BullMQ (5 s), which must be free to take that long. */
const IDLE_MS = 6_500;
/** For what is sure to come, on however busy a machine. */
const PATIENCE_MS = 30_000;

@Processor(TRAINING_QUEUE)
class TakingProcessor extends WorkerHost implements OnApplicationBootstrap {
  readonly taken: unknown[] = [];
  readonly errors: Error[] = [];

  onApplicationBootstrap(): void {
    this.worker.on('error', (error) => this.errors.push(error));
  }

  override process(job: Job): Promise<void> {
    this.taken.push(job.data);
    return Promise.resolve();
  }
}

@Module({})
class SettingsModule {
  static with(changes: Partial<Environment>): DynamicModule {
    const environment = Object.assign(new Environment(), changes);
    return {
      module: SettingsModule,
      global: true,
      providers: [{ provide: Environment, useValue: environment }],
      exports: [Environment],
    };
  }
}

@Module({})
class ProgramModule {}

let queues: TestQueues;
let program: INestApplicationContext | undefined;
beforeEach(() => {
  queues = openTestQueues(process.env);
});
afterEach(async () => {
  await program?.close();
  program = undefined;
  await queues.close();
});

async function start(redisUrl: string, providers: (typeof TakingProcessor)[] = []) {
  const imports = [SettingsModule.with({ REDIS_URL: redisUrl, REDIS_PREFIX: queues.prefix }), JobsModule];
  program = await NestFactory.createApplicationContext(
    { module: ProgramModule, imports, providers },
    { logger: false, abortOnError: false },
  );
  return program;
}

async function until(isSo: () => boolean, timeoutMs: number): Promise<void> {
  for (const end = Date.now() + timeoutMs; !isSo() && Date.now() < end;) await sleep(20);
}

async function endsInTime(): Promise<void> {
  const closing = program!.close().then(() => 'closed');
  program = undefined;
  expect(await Promise.race([closing, sleep(12_000, 'hangs', { ref: false })])).toBe('closed');
}

/** Redis behind a wire that can be made to carry nothing, as a process that hangs does. */
async function openHangingWire(redisUrl: string) {
  const { hostname, port } = new URL(redisUrl);
  const sockets: Socket[] = [];
  let hangs = false;
  const server = createServer((near) => {
    const far = connect(Number(port || 6379), hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.push(from);
      from.on('error', () => undefined).on('close', () => to.destroy());
      from.on('data', (chunk) => void (hangs || to.write(chunk)));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(redisUrl);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.toString(),
    hang: () => void (hangs = true),
    /** What was on the wire is lost, so everybody connects again. */
    recover: () => {
      hangs = false;
      for (const socket of sockets.splice(0)) socket.destroy();
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

const job = { tenantId: 1, runId: '0b8f7f0e-0000-4000-8000-000000000001', attempt: 0 };

describe('JobsModule', () => {
  it('lets a worker take a job after it has been idle for longer than one blocking wait', async () => {
    const worker = (await start(process.env.TEST_REDIS_URL!, [TakingProcessor])).get(TakingProcessor);
    await sleep(IDLE_MS);
    await queues.publisher.ensure('run-pipeline', job);
    await until(() => worker.taken.length > 0, 5_000);
    expect(worker.taken).toEqual([job]);
    // A wait that was cut off goes on in Redis and swallows the news of a job, if one comes just then.
    expect(worker.errors).toEqual([]);
  });

  it('gives up on a Redis that hangs, ends in time, and goes on when Redis does', async () => {
    const wire = await openHangingWire(process.env.TEST_REDIS_URL!);
    try {
      const publisher = (await start(wire.url, [TakingProcessor])).get(JobPublisher);
      await publisher.ensure('run-pipeline', job);
      const { taken } = program!.get(TakingProcessor);
      // One that is on the wire when it hangs is taken, and never heard of again.
      await until(() => taken.length > 0, PATIENCE_MS);
      wire.hang();
      const startedMs = performance.now();
      const unavailable = { code: 'unavailable', retryable: true, message: expect.stringContaining('Redis') };
      await expect(publisher.ensure('run-pipeline', { ...job, attempt: 1 })).rejects.toMatchObject(
        unavailable,
      );
      expect(performance.now() - startedMs).toBeLessThan(15_000);
      wire.recover();
      await publisher.ensure('run-pipeline', { ...job, attempt: 2 });
      await until(() => taken.length > 1, PATIENCE_MS);
      expect(taken).toEqual([job, { ...job, attempt: 2 }]); // not the one that was given up
      wire.hang();
      await endsInTime();
    } finally {
      wire.close();
    }
  });

  it('ends in time when Redis is gone', async () => {
    const wire = await openHangingWire(process.env.TEST_REDIS_URL!);
    try {
      const publisher = (await start(wire.url, [TakingProcessor])).get(JobPublisher);
      await publisher.ensure('run-pipeline', job);
      await until(() => program!.get(TakingProcessor).taken.length > 0, PATIENCE_MS);
    } finally {
      wire.close();
    }
    await sleep(500);
    await endsInTime();
  });
});
