import { LeaseLostError, type Run, type RunLease, type Tenant } from '#libs/domain';
import {
  PostgresDataQualityRepository,
  PostgresModelRegistryRepository,
  PostgresRunRepository,
} from '#libs/persistence';
import { createTestTenant, newModelVersion, openTestDatabase, type TestDatabase } from '#libs/testing';

const LEASE_MS = 60_000;

let database: TestDatabase;
let runs: PostgresRunRepository;
let tenant: Tenant;

beforeAll(async () => {
  database = await openTestDatabase(process.env);
  runs = new PostgresRunRepository(database.tenants);
});
afterAll(() => database.close());
beforeEach(async () => {
  tenant = await createTestTenant(database);
});

const manual = (night = '2026-11-21') => ({
  night,
  seed: 7,
  templateVersion: 1,
  requestedBy: 'kim',
  reason: 'new products',
});
const requested = async (): Promise<Run> => (await runs.requestManual(tenant.id, manual())).run;
async function claim(
  runId: string,
  leaseMs = LEASE_MS,
  worker = 'worker',
): Promise<{ run: Run; lease: RunLease }> {
  const claimed = await runs.claim(tenant.id, runId, worker, leaseMs);
  if (claimed === undefined) throw new Error('not claimed');
  return claimed;
}
const failure = (delayMs: number | undefined) => ({
  stage: 'train' as const,
  code: 'unavailable',
  message: 'disk full',
  delayMs,
});

describe('requestManual', () => {
  it('starts a run with everything that was asked for', async () => {
    const { run, joined } = await runs.requestManual(tenant.id, manual());
    expect(joined).toBe(false);
    expect(run).toMatchObject({
      ...manual(),
      kind: 'manual',
      status: 'queued',
      attempt: 0,
      outcome: undefined,
      startedAt: undefined,
    });
    expect(await runs.find(tenant.id, run.runId)).toEqual(run);
  });

  it('is one run for twenty requests at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => runs.requestManual(tenant.id, manual())),
    );
    expect(new Set(answers.map(({ run }) => run.runId)).size).toBe(1);
    expect(answers.filter(({ joined }) => !joined)).toHaveLength(1);
  });

  it('joins a run that is being worked on, and starts another once it has ended, in the same night', async () => {
    const { runId } = await requested();
    const { lease } = await claim(runId);
    expect(await runs.requestManual(tenant.id, manual('2026-11-22'))).toMatchObject({
      joined: true,
      run: { runId, night: '2026-11-21' },
    });
    await runs.finish(lease, 'kept');
    expect((await requested()).runId).not.toBe(runId);
    expect(await runs.list(tenant.id, 9)).toHaveLength(2);
  });

  it('does not join another tenant’s run, nor see it', async () => {
    const { runId } = await requested();
    const other = await createTestTenant(database);
    expect((await runs.requestManual(other.id, manual())).joined).toBe(false);
    expect(await runs.find(other.id, runId)).toBeUndefined();
    expect(await runs.claim(other.id, runId, 'thief', LEASE_MS)).toBeUndefined();
    expect(await runs.stages(other.id, runId)).toEqual([]);
  });
});

describe('claim', () => {
  it('gives the run to one of twenty workers', async () => {
    const { runId } = await requested();
    const claims = await Promise.all(
      Array.from({ length: 20 }, (_, index) => runs.claim(tenant.id, runId, `w${index}`, LEASE_MS)),
    );
    const won = claims.filter((each) => each !== undefined);
    expect(won).toHaveLength(1);
    expect(won[0]).toMatchObject({
      run: { status: 'running', attempt: 1 },
      lease: { runId, fencingToken: 1 },
    });
  });

  it('gives a silent worker’s run to one of twenty, with a higher token', async () => {
    const { runId } = await requested();
    const { lease, run } = await claim(runId, -1);
    const claims = await Promise.all(
      Array.from({ length: 20 }, (_, index) => runs.claim(tenant.id, runId, `w${index}`, LEASE_MS)),
    );
    const won = claims.filter((each) => each !== undefined);
    expect(won).toHaveLength(1);
    expect(won[0]?.lease.fencingToken).toBeGreaterThan(lease.fencingToken);
    expect(won[0]?.run.startedAt).toEqual(run.startedAt);
  });

  it('does not touch a lease that is kept alive', async () => {
    const { runId } = await requested();
    const { lease } = await claim(runId, -1);
    await runs.extendLease(lease, LEASE_MS);
    expect(await runs.claim(tenant.id, runId, 'another', LEASE_MS)).toBeUndefined();
  });

  it('gives out nothing that has ended or that does not exist', async () => {
    const { runId } = await requested();
    await runs.finish((await claim(runId, -1)).lease, 'kept');
    expect(await runs.claim(tenant.id, runId, 'w', LEASE_MS)).toBeUndefined();
    expect(
      await runs.claim(tenant.id, '00000000-0000-4000-8000-000000000000', 'w', LEASE_MS),
    ).toBeUndefined();
  });
});

describe('a worker whose run was taken over', () => {
  it('can write nothing any more, and its successor can', async () => {
    const { runId } = await requested();
    const { lease: old } = await claim(runId, -1, 'old');
    await runs.startStage(old, 'snapshot');
    const { lease } = await claim(runId, LEASE_MS, 'new');
    const registry = new PostgresModelRegistryRepository(database.tenants);
    const quality = new PostgresDataQualityRepository(database.tenants);
    const before = [await runs.find(tenant.id, runId), await runs.stages(tenant.id, runId)];
    await runs.reportProgress(old, 'snapshot', 0.5);
    const writes = [
      () => runs.extendLease(old, LEASE_MS),
      () => runs.startStage(old, 'train'),
      () => runs.finishStage(old, 'snapshot', { stolen: true }),
      () => runs.finish(old, 'promoted'),
      () => runs.restart(old),
      () => runs.fail(old, failure(undefined)),
      () => registry.registerCandidate(old, newModelVersion(runId)),
      () => quality.save(old, { passed: true, numbers: {} as never, findings: [] }),
    ];
    const [first] = before;
    for (const write of writes) await expect(write()).rejects.toThrow(LeaseLostError);
    // The progress of the stage that the old worker had begun may still be shown; nothing else has changed.
    expect(await runs.find(tenant.id, runId)).toEqual(first);
    expect(await registry.list(tenant.id, 9)).toEqual([]);
    await runs.startStage(lease, 'snapshot');
    await runs.reportProgress(old, 'snapshot', 0.9);
    await runs.reportProgress(lease, 'snapshot', 0.25);
    expect(await runs.stages(tenant.id, runId)).toEqual([
      expect.objectContaining({ attempt: 2, progress: 0.25, status: 'running' }),
    ]);
    await runs.finish(lease, 'kept');
    expect(await runs.find(tenant.id, runId)).toMatchObject({ status: 'succeeded', outcome: 'kept' });
  });

  it('has lost it even when the run has ended or waits for another attempt', async () => {
    const { runId } = await requested();
    const { lease } = await claim(runId);
    await runs.fail(lease, failure(0));
    await expect(runs.startStage(lease, 'train')).rejects.toThrow(LeaseLostError);
    const second = await claim(runId);
    await runs.finish(second.lease, 'kept');
    await expect(runs.fail(second.lease, failure(0))).rejects.toThrow(LeaseLostError);
    expect(await runs.find(tenant.id, runId)).toMatchObject({ status: 'succeeded' });
  });
});
