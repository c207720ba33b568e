import { STAGES } from '#libs/domain';
import { failure, LEASE_MS, manual, RunsUnderTest } from './runs-under-test.js';

let under: RunsUnderTest;

beforeAll(async () => {
  under = await RunsUnderTest.open();
});
afterAll(() => under?.database.close());
beforeEach(async () => {
  under.tenant = await under.newTenant();
});

describe('a run that fails', () => {
  it('comes back when its delay is over, not before, and keeps what has finished', async () => {
    const { runId } = await under.requested();
    const { lease } = await under.claim(runId);
    await under.runs.startStage(lease, 'snapshot');
    await under.runs.finishStage(lease, 'snapshot', { file: 'a', nested: { rows: 3 } });
    await under.runs.startStage(lease, 'train');
    await under.runs.fail(lease, failure(3_600_000));
    expect(await under.runs.find(under.tenant.id, runId)).toMatchObject({
      status: 'queued',
      errorCode: 'unavailable',
      errorMessage: 'disk full',
      finishedAt: undefined,
    });
    expect(await under.runs.claim(under.tenant.id, runId, 'w', LEASE_MS)).toBeUndefined();
    await under.database.platform.query('UPDATE run SET not_before = now() WHERE run_id = $1', [runId]);
    expect((await under.claim(runId)).run).toMatchObject({
      attempt: 2,
      errorCode: undefined,
      errorMessage: undefined,
    });
    expect(await under.runs.stages(under.tenant.id, runId)).toEqual([
      expect.objectContaining({
        stage: 'snapshot',
        status: 'succeeded',
        output: { file: 'a', nested: { rows: 3 } },
        progress: 1,
      }),
      expect.objectContaining({
        stage: 'train',
        status: 'failed',
        error: 'disk full',
        finishedAt: expect.any(Date),
      }),
    ]);
  });

  it('for good is over, and the tenant is free for another', async () => {
    const { runId } = await under.requested();
    await under.runs.fail((await under.claim(runId)).lease, failure(undefined));
    expect(await under.runs.find(under.tenant.id, runId)).toMatchObject({
      status: 'failed',
      outcome: undefined,
      finishedAt: expect.any(Date),
    });
    expect(await under.runs.claim(under.tenant.id, runId, 'w', LEASE_MS)).toBeUndefined();
    expect((await under.runs.requestManual(under.tenant.id, manual())).joined).toBe(false);
  });

  it('is recorded also when its message holds what Postgres cannot store', async () => {
    const { runId } = await under.requested();
    await under.runs.fail((await under.claim(runId)).lease, {
      ...failure(undefined),
      message: 'bad byte \u0000 in row 7',
    });
    expect(await under.runs.find(under.tenant.id, runId)).toMatchObject({
      status: 'failed',
      errorMessage: expect.stringContaining('in row 7'),
    });
  });
});

describe('stages', () => {
  it('come in the order of the template, whatever the order in which they were written', async () => {
    const { lease } = await under.claim((await under.requested()).runId);
    for (const stage of [...STAGES].reverse()) await under.runs.startStage(lease, stage);
    expect((await under.runs.stages(under.tenant.id, lease.runId)).map(({ stage }) => stage)).toEqual(STAGES);
  });

  it('count their attempts and begin again at 0', async () => {
    const { lease } = await under.claim((await under.requested()).runId);
    await under.runs.startStage(lease, 'train');
    await under.runs.reportProgress(lease, 'train', 0.7);
    await under.runs.startStage(lease, 'train');
    expect(await under.runs.stages(under.tenant.id, lease.runId)).toEqual([
      expect.objectContaining({ attempt: 2, progress: 0, error: undefined }),
    ]);
  });

  it('are all to be done again after a restart', async () => {
    const { lease } = await under.claim((await under.requested()).runId);
    for (const stage of ['snapshot', 'train'] as const) {
      await under.runs.startStage(lease, stage);
      await under.runs.finishStage(lease, stage, {});
    }
    await under.runs.restart(lease);
    expect((await under.runs.stages(under.tenant.id, lease.runId)).map(({ status }) => status)).toEqual([
      'failed',
      'failed',
    ]);
  });
});
