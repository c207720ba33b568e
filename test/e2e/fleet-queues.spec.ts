import 'reflect-metadata';
import { Worker } from 'bullmq';
import { Environment } from '#libs/config';
import type { FleetReadModel } from '#libs/domain';
import { redisOptions, TRAINING_QUEUE } from '#libs/jobs';
import { openTestQueues, type TestQueues } from '#libs/testing';
import { FleetQueuesController } from '../../apps/api/src/fleet/fleet-queues.controller.js';
import { FleetQueues } from '../../apps/api/src/fleet/fleet-queues.service.js';

let queues: TestQueues;
let environment: Environment;
let service: FleetQueues;
let controller: FleetQueuesController;

beforeAll(() => {
  queues = openTestQueues(process.env);
  const settings = { REDIS_URL: process.env.TEST_REDIS_URL, REDIS_PREFIX: queues.prefix };
  environment = Object.assign(new Environment(), settings);
  service = new FleetQueues(environment);
  const slugs = (ids: readonly number[]) =>
    Promise.resolve(new Map([[7, 'shop-seven'] as const].filter(([id]) => ids.includes(id))));
  controller = new FleetQueuesController(service, { slugs } as Partial<FleetReadModel> as FleetReadModel);
});
afterAll(async () => {
  service?.onApplicationShutdown();
  await queues?.close();
});

const ask = (state: 'waiting' | 'failed') => controller.jobs(TRAINING_QUEUE, { state, limit: 50 });

it('tells of jobs by state: whose they are, how old, how often tried, what went wrong', async () => {
  const payload = (tenantId: number, runId: string) => ({ tenantId, runId, attempt: 1 });
  await queues.publisher.ensure('run-pipeline', payload(7, 'a'));
  const work = () => Promise.reject(new Error('train: factors: -1 is not an integer'));
  const worker = new Worker(TRAINING_QUEUE, work, {
    connection: { ...redisOptions(environment), maxRetriesPerRequest: null },
    prefix: queues.prefix,
  });
  worker.on('error', () => undefined);
  await new Promise((resolve) => worker.once('failed', resolve));
  await worker.close();
  await queues.publisher.ensure('run-pipeline', payload(8, 'b'));
  await queues.publisher.ensure('run-pipeline', payload(7, 'c'));

  expect(await ask('failed')).toEqual({
    ...{ queue: TRAINING_QUEUE, state: 'failed' },
    jobs: [
      {
        ...{ jobId: 'run-a-1', name: 'run-pipeline', tenant: 'shop-seven', attempts: 1 },
        ...{ createdAt: expect.any(Date), startedAt: expect.any(Date), endedAt: expect.any(Date) },
        error: 'train: factors: -1 is not an integer',
      },
    ],
  });
  // Those that wait come in the order in which they will be taken. A tenant that is gone has no name.
  expect((await ask('waiting')).jobs).toMatchObject([
    { jobId: 'run-b-1', tenant: null, attempts: 0, startedAt: null, endedAt: null, error: null },
    { jobId: 'run-c-1', tenant: 'shop-seven' },
  ]);
  const counts = await service.counts();
  expect(counts?.find(({ name }) => name === TRAINING_QUEUE)).toMatchObject({ waiting: 2, failed: 1 });
});
