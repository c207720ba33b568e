import { LeaseLostError } from '#libs/domain';
import { PostgresDataQualityRepository, PostgresModelRegistryRepository } from '#libs/persistence';
import { newModelVersion } from '#libs/testing';
import { failure, LEASE_MS, manual, RunsUnderTest } from './runs-under-test.js';

let under: RunsUnderTest;

beforeAll(async () => {
  under = await RunsUnderTest.open();
});
afterAll(() => under?.database.close());
beforeEach(async () => {
  under.tenant = await under.newTenant();
});

describe('requestManual', () => {
  it('starts a run with everything that was asked for', async () => {
    const { run, joined } = await under.runs.requestManual(under.tenant.id, manual());
    expect(joined).toBe(false);
    expect(run).toMatchObject({
      ...manual(),
      kind: 'manual',
      status: 'queued',
      attempt: 0,
      outcome: undefined,
      startedAt: undefined,
    });
    expect(await under.runs.find(under.tenant.id, run.runId)).toEqual(run);
  });

  it('is one run for twenty requests at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => under.runs.requestManual(under.tenant.id, manual())),
    );
    expect(new Set(answers.map(({ run }) => run.runId)).size).toBe(1);
    expect(answers.filter(({ joined }) => !joined)).toHaveLength(1);
  });

  it('joins a run that is being worked on, and starts another once it has ended, in the same night', async () => {
    const { runId } = await under.requested();
    const { lease } = await under.claim(runId);
    expect(await under.runs.requestManual(under.tenant.id, manual('2026-11-22'))).toMatchObject({
      joined: true,
      run: { runId, night: '2026-11-21' },
    });
    await under.runs.finish(lease, 'kept');
    expect((await under.requested()).runId).not.toBe(runId);
    expect(await under.runs.list(under.tenant.id, 9)).toHaveLength(2);
  });

  it('does not join another tenant’s run, nor see it', async () => {
    const { runId } = await under.requested();
    const other = await under.newTenant();
    expect((await under.runs.requestManual(other.id, manual())).joined).toBe(false);
    expect(await under.runs.find(other.id, runId)).toBeUndefined();
    expect(await under.runs.claim(other.id, runId, 'thief', LEASE_MS)).toBeUndefined();
    expect(await under.runs.stages(other.id, runId)).toEqual([]);
  });
});

describe('claim', () => {
  it('gives the run to one of twenty workers', async () => {
    const { runId } = await under.requested();
    const claims = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        under.runs.claim(under.tenant.id, runId, `w${index}`, LEASE_MS),
      ),
    );
    const won = claims.filter((each) => each !== undefined);
    expect(won).toHaveLength(1);
    expect(won[0]).toMatchObject({
      run: { status: 'running', attempt: 1 },
      lease: { runId, fencingToken: 1 },
    });
  });

  it('gives a silent worker’s run to one of twenty, with a higher token', async () => {
    const { runId } = await under.requested();
    const { lease, run } = await under.claim(runId, -1);
    const claims = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        under.runs.claim(under.tenant.id, runId, `w${index}`, LEASE_MS),
      ),
    );
    const won = claims.filter((each) => each !== undefined);
    expect(won).toHaveLength(1);
    expect(won[0]?.lease.fencingToken).toBeGreaterThan(lease.fencingToken);
    expect(won[0]?.run.startedAt).toEqual(run.startedAt);
  });

  it('hands out the whole run, as it is found afterwards', async () => {
    const { runId } = await under.requested();
    const { run } = await under.claim(runId);
    expect(run).toEqual(await under.runs.find(under.tenant.id, runId));
  });

  it('does not touch a lease that is kept alive', async () => {
    const { runId } = await under.requested();
    const { lease } = await under.claim(runId, -1);
    await under.runs.extendLease(lease, LEASE_MS);
    expect(await under.runs.claim(under.tenant.id, runId, 'another', LEASE_MS)).toBeUndefined();
  });

  it('gives out nothing that has ended or that does not exist', async () => {
    const { runId } = await under.requested();
    await under.runs.finish((await under.claim(runId, -1)).lease, 'kept');
    expect(await under.runs.claim(under.tenant.id, runId, 'w', LEASE_MS)).toBeUndefined();
    expect(
      await under.runs.claim(under.tenant.id, '00000000-0000-4000-8000-000000000000', 'w', LEASE_MS),
    ).toBeUndefined();
  });
});

describe('a worker whose run was taken over', () => {
  it('can write nothing any more, and its successor can', async () => {
    const { runId } = await under.requested();
    const { lease: old } = await under.claim(runId, -1, 'old');
    await under.runs.startStage(old, 'snapshot');
    const { lease } = await under.claim(runId, LEASE_MS, 'new');
    const registry = new PostgresModelRegistryRepository(under.database.tenants);
    const quality = new PostgresDataQualityRepository(under.database.tenants);
    const before = [
      await under.runs.find(under.tenant.id, runId),
      await under.runs.stages(under.tenant.id, runId),
    ];
    await under.runs.reportProgress(old, 'snapshot', 0.5);
    const writes = [
      () => under.runs.extendLease(old, LEASE_MS),
      () => under.runs.startStage(old, 'train'),
      () => under.runs.finishStage(old, 'snapshot', { stolen: true }),
      () => under.runs.finish(old, 'promoted'),
      () => under.runs.restart(old),
      () => under.runs.fail(old, failure(undefined)),
      () => registry.registerCandidate(old, newModelVersion(runId)),
      () => quality.save(old, { passed: true, numbers: {} as never, findings: [] }),
    ];
    const [first] = before;
    for (const write of writes) await expect(write()).rejects.toThrow(LeaseLostError);
    // The progress of the stage that the old worker had begun may still be shown; nothing else has changed.
    expect(await under.runs.find(under.tenant.id, runId)).toEqual(first);
    expect(await registry.list(under.tenant.id, 9)).toEqual([]);
    await under.runs.startStage(lease, 'snapshot');
    await under.runs.reportProgress(old, 'snapshot', 0.9);
    await under.runs.reportProgress(lease, 'snapshot', 0.25);
    expect(await under.runs.stages(under.tenant.id, runId)).toEqual([
      expect.objectContaining({ attempt: 2, progress: 0.25, status: 'running' }),
    ]);
    await under.runs.finish(lease, 'kept');
    expect(await under.runs.find(under.tenant.id, runId)).toMatchObject({
      status: 'succeeded',
      outcome: 'kept',
    });
  });

  it('has lost it even when the run has ended or waits for another attempt', async () => {
    const { runId } = await under.requested();
    const { lease } = await under.claim(runId);
    await under.runs.fail(lease, failure(0));
    await expect(under.runs.startStage(lease, 'train')).rejects.toThrow(LeaseLostError);
    const second = await under.claim(runId);
    await under.runs.finish(second.lease, 'kept');
    await expect(under.runs.fail(second.lease, failure(0))).rejects.toThrow(LeaseLostError);
    expect(await under.runs.find(under.tenant.id, runId)).toMatchObject({ status: 'succeeded' });
  });
});
