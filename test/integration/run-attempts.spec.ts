import { Logger } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import {
  StorageAwayError,
  StorageFullError,
  type ListStore,
  type RunRepository,
  type Tenant,
} from '#libs/domain';
import { PostgresTenantRepository } from '#libs/persistence';
import { createMetricsRegistry } from '#libs/telemetry';
import { createTestTenant, useTestNights } from '#libs/testing';
import { FileCleaner } from '../../apps/worker/src/runs/file-cleaner.js';
import { RunExecution } from '../../apps/worker/src/runs/run-execution.js';
import { RunMetrics } from '../../apps/worker/src/runs/run-metrics.js';
import { StopSignal } from '../../apps/worker/src/runs/stop-signal.js';
import { interactions } from './grocer-nights.js';

const under = useTestNights(process.env);
// What goes wrong here goes wrong on purpose.
beforeAll(() => Logger.overrideLogger(false));
let tenant: Tenant;
let runId: string;

beforeEach(async () => {
  tenant = await createTestTenant(under.database);
  await under.nights.load(tenant, interactions.slice(0, 2_000));
  const request = {
    night: '2026-11-21',
    seed: 1,
    templateVersion: 1,
    requestedBy: 'test',
    reason: undefined,
  };
  runId = (await under.nights.runs.requestManual(tenant.id, request)).run.runId;
});

function worker(changes: { lists?: ListStore; runs?: RunRepository } = {}): RunExecution {
  const { ports, runs, registry } = under.nights;
  const lists = changes.lists ?? ports.lists;
  return new RunExecution(
    randomUUID(),
    60_000,
    changes.runs ?? runs,
    new PostgresTenantRepository(under.database.tenants),
    { ...ports, lists },
    new FileCleaner(registry, ports.artifacts, lists),
    new RunMetrics(createMetricsRegistry('test')),
    new StopSignal(),
    () => process.cpuUsage().user / 1e6,
  );
}

const stored = async () => (await under.nights.runs.find(tenant.id, runId))!;
const changed = <T extends object>(original: T, changes: Partial<T>): T =>
  Object.assign(Object.create(original) as T, changes);
/** Nobody waits for the delay between two attempts here. */
const now = () =>
  under.database.admin.query(
    `UPDATE run SET not_before = now(), lease_until = now() - interval '1 second' WHERE run_id = $1`,
    [runId],
  );

describe('a store that', () => {
  const cause = new Error('from below');
  const TROUBLES = [
    [
      'is full',
      new StorageFullError('list store', cause),
      'storageFull',
      'The disk of the list store is full.',
    ],
    ['is away', new StorageAwayError('bucket', cause), 'storageAway', 'The bucket does not answer.'],
    [
      'refuses',
      new StorageAwayError('bucket', cause, 'NoSuchBucket'),
      'storageRefused',
      'The bucket refuses: NoSuchBucket.',
    ],
  ] as const;

  it.each(TROUBLES)(
    '%s is said in the run, never counts as an attempt, and delays the lists until it is over',
    async (_, trouble, code, message) => {
      const create = () => Promise.reject(trouble);
      const full = worker({ lists: changed(under.nights.ports.lists, { create }) });
      for (let time = 0; time < 7; time++) {
        expect(await full.execute(tenant.id, runId)).toMatchObject({ ended: 'retried' });
        expect(await stored()).toMatchObject({
          status: 'queued',
          attempt: 0,
          errorCode: code,
          errorMessage: message,
        });
        await now();
      }
      expect(await worker().execute(tenant.id, runId)).toMatchObject({ ended: 'promoted' });
      expect(await stored()).toMatchObject({ status: 'succeeded', attempt: 1, errorCode: undefined });
    },
  );
});

describe('a run whose workers are killed', () => {
  const die = () => Promise.reject(new Error('killed'));
  /** Dies in its `nth` stage without a word: what was begun stays begun, and nothing is recorded. */
  const killedIn = (nth: number) => {
    let begun = 0;
    const { runs } = under.nights;
    const finishStage: RunRepository['finishStage'] = (...args) =>
      ++begun === nth ? die() : runs.finishStage(...args);
    return worker({ runs: changed(runs, { finishStage, fail: die }) });
  };

  it('goes on for as long as each of them gets it a stage further', async () => {
    for (let time = 0; time < 6; time++) {
      expect(await killedIn(2).execute(tenant.id, runId)).toMatchObject({ ended: 'leaseLost' });
      await now();
    }
    expect(await worker().execute(tenant.id, runId)).toMatchObject({ ended: 'promoted' });
    expect((await stored()).attempt).toBe(7);
  });

  it('is given up when it kills five of them in one stage', async () => {
    for (let time = 0; time < 5; time++) {
      await killedIn(1).execute(tenant.id, runId);
      await now();
    }
    expect(await worker().execute(tenant.id, runId)).toMatchObject({ ended: 'failed' });
    expect(await stored()).toMatchObject({ status: 'failed', errorCode: 'workerDied' });
  });
});
