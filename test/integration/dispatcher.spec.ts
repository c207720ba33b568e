import { Logger } from '@nestjs/common';
import {
  PostgresFleetRunRepository,
  PostgresLeadership,
  PostgresRunRepository,
  PostgresWorkerRepository,
} from '#libs/persistence';
import {
  createTestDatabase,
  createTestTenant,
  openTestQueues,
  type TestDatabase,
  type TestQueues,
} from '#libs/testing';
import { Dispatcher } from '../../apps/worker/src/fleet/dispatcher.js';
import { Planner } from '../../apps/worker/src/fleet/planner.js';

const NOON = new Date('2026-11-21T12:00:00Z');
const LONG_AGO = new Date('2026-01-01T00:00:00Z');

let database: TestDatabase;
let queues: TestQueues;
let runs: PostgresRunRepository;
let fleet: PostgresFleetRunRepository;
let workers: PostgresWorkerRepository;
let leadership: PostgresLeadership;
let dispatcher: Dispatcher;

beforeAll(async () => {
  Logger.overrideLogger(false);
  database = await createTestDatabase(process.env);
  runs = new PostgresRunRepository(database.tenants);
  fleet = new PostgresFleetRunRepository(database.platform);
  workers = new PostgresWorkerRepository(database.platform);
  leadership = new PostgresLeadership(database.platform);
});
afterAll(() => database.close());
beforeEach(async () => {
  queues = openTestQueues(process.env);
  dispatcher = new Dispatcher(fleet, workers, queues.publisher, leadership);
  await database.admin.query(`UPDATE tenant SET state = 'off'; DELETE FROM worker_node`);
  await database.admin.query(`UPDATE run SET status = 'failed', active = NULL WHERE active`);
});
afterEach(() => queues.close());

async function planned(tenants: number): Promise<void> {
  for (let index = 0; index < tenants; index++) await createTestTenant(database, { createdAt: LONG_AGO });
  expect(await new Planner(fleet, leadership).tick(NOON)).toBe(tenants);
}
const jobs = async () =>
  (await queues.training.getWaiting()).map(
    ({ data }) => data as { tenantId: number; runId: string; attempt: number },
  );

describe('Dispatcher', () => {
  it('hands out twice the slots of the workers that are there, and goes on when runs end', async () => {
    await planned(6);
    await dispatcher.tick();
    expect(await jobs()).toEqual([]);
    await workers.heartbeat('w', 2);
    await dispatcher.tick();
    await dispatcher.tick();
    const first = await jobs();
    expect(first).toHaveLength(4);
    const claimed = await runs.claim(first[0].tenantId, first[0].runId, 'w', 60_000);
    if (claimed !== undefined) await runs.finish(claimed.lease, 'kept');
    await dispatcher.tick();
    expect(new Set((await jobs()).map(({ tenantId }) => tenantId)).size).toBe(5);
  });

  it('brings every run back that Redis has forgotten, once', async () => {
    await planned(3);
    await workers.heartbeat('w', 2);
    await dispatcher.tick();
    const before = await jobs();
    await queues.forgetEverything();
    await dispatcher.tick();
    await dispatcher.tick();
    const byRun = (all: typeof before) => all.map(({ runId }) => runId).toSorted();
    expect(byRun(await jobs())).toEqual(byRun(before));
    expect(await fleet.countByStatus()).toEqual({ admitted: 3 });
  });

  it('hands on the run of a worker that fell silent, as another attempt, and leaves a living worker’s alone', async () => {
    await planned(2);
    await workers.heartbeat('w', 2);
    await dispatcher.tick();
    const [silent, living] = await jobs();
    await runs.claim(silent.tenantId, silent.runId, 'silent', -1);
    await runs.claim(living.tenantId, living.runId, 'living', 60_000);
    await queues.forgetEverything();
    await dispatcher.tick();
    expect(await jobs()).toEqual([{ ...silent, attempt: 1 }]);
  });

  it('hands on a run that was put back for a retry', async () => {
    await planned(1);
    await workers.heartbeat('w', 1);
    await dispatcher.tick();
    const [job] = await jobs();
    const claimed = await runs.claim(job.tenantId, job.runId, 'w', 60_000);
    if (claimed === undefined) throw new Error('not claimed');
    await runs.fail(claimed.lease, { stage: undefined, code: 'x', message: 'x', delayMs: 0 });
    await queues.forgetEverything();
    await dispatcher.tick();
    expect(await jobs()).toEqual([{ ...job, attempt: 1 }]);
  });

  it('is one at a time in the whole fleet, and the next leads when the first is done', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    let leading = () => {};
    const leads = new Promise<void>((resolve) => (leading = resolve));
    const first = leadership.ifLeader('dispatcher', async () => {
      leading();
      await held;
      return 'led';
    });
    await leads;
    await planned(1);
    await workers.heartbeat('w', 1);
    await dispatcher.tick();
    expect(await jobs()).toEqual([]);
    release();
    expect(await first).toBe('led');
    await dispatcher.tick();
    expect(await jobs()).toHaveLength(1);
  });

  it('gives leadership up when its work fails', async () => {
    await expect(
      leadership.ifLeader('dispatcher', () => Promise.reject(new Error('broken'))),
    ).rejects.toThrow('broken');
    expect(await leadership.ifLeader('dispatcher', () => Promise.resolve('led'))).toBe('led');
  });
});
