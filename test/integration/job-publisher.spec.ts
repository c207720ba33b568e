import { UnrecoverableError, Worker } from 'bullmq';
import { JobPublisher, TRAINING_QUEUE } from '#libs/jobs';
import { openTestQueues, type TestQueues } from '#libs/testing';

let queues: TestQueues;
beforeEach(() => {
  queues = openTestQueues(process.env);
});
afterEach(() => queues.close());

const payload = { tenantId: 1, runId: '0b8f7f0e-0000-4000-8000-000000000001', attempt: 0 };
const ensure = (change: Partial<typeof payload> = {}) =>
  queues.publisher.ensure('run-pipeline', { ...payload, ...change });
const waiting = async () => (await queues.training.getWaiting()).map(({ name, data }) => ({ name, data }));

/** Works on one job and waits until the queue has recorded how it ended. */
async function workOnce(outcome: () => Promise<string>): Promise<void> {
  const connection = queues.redis.duplicate();
  const worker = new Worker(TRAINING_QUEUE, outcome, { connection, prefix: queues.prefix });
  await new Promise<void>((resolve) => {
    worker.once('completed', () => resolve());
    worker.once('failed', () => resolve());
  });
  await worker.close();
  // BullMQ leaves a connection open that it was given.
  await connection.quit();
}

describe('JobPublisher', () => {
  it('makes one job of the same request, however often and from however many it comes', async () => {
    await Promise.all(Array.from({ length: 20 }, () => ensure()));
    await ensure();
    expect(await waiting()).toEqual([{ name: 'run-pipeline', data: payload }]);
    expect(await queues.publisher.counts()).toMatchObject({ waiting: 1, active: 0, failed: 0 });
  });

  it('makes another of another attempt or run', async () => {
    await ensure();
    await ensure({ attempt: 1 });
    await ensure({ runId: 'another' });
    expect(await waiting()).toHaveLength(3);
  });

  it('makes it again after Redis has forgotten it', async () => {
    await ensure();
    await queues.forgetEverything();
    expect(await waiting()).toEqual([]);
    await ensure();
    expect(await waiting()).toHaveLength(1);
  });

  it('makes it again after it was done: the run may have been handed back', async () => {
    await ensure();
    await workOnce(() => Promise.resolve('notMine'));
    expect(await queues.publisher.counts()).toMatchObject({ waiting: 0, completed: 0 });
    await ensure();
    expect(await waiting()).toHaveLength(1);
  });

  it('puts another in the place of one that has failed, whose id BullMQ would otherwise refuse in silence', async () => {
    await ensure();
    await workOnce(() => Promise.reject(new UnrecoverableError('worker died')));
    expect(await queues.publisher.counts()).toMatchObject({ waiting: 0, failed: 1 });
    await ensure();
    expect(await queues.publisher.counts()).toMatchObject({ waiting: 1, failed: 0 });
  });

  it('never lets BullMQ try again by itself: retries are counted in Postgres', async () => {
    await ensure();
    await workOnce(() => Promise.reject(new Error('an ordinary failure')));
    expect(await queues.publisher.counts()).toMatchObject({ waiting: 0, delayed: 0, failed: 1 });
  });

  it('does not disturb a job that is being worked on', async () => {
    await ensure();
    await workOnce(async () => {
      await ensure();
      expect(await queues.publisher.counts()).toMatchObject({ active: 1, waiting: 0 });
      return 'done';
    });
    expect(await queues.publisher.counts()).toMatchObject({ active: 0, waiting: 0, failed: 0 });
  });

  it('refuses to start without one of its queues', () => {
    expect(() => new JobPublisher([])).toThrow(TRAINING_QUEUE);
  });
});
