import { STAGES, type Run, type RunLease, type Tenant } from '#libs/domain';
import { PostgresRunRepository } from '#libs/persistence';
import { createTestTenant, openTestDatabase, type TestDatabase } from '#libs/testing';

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

describe('a run that fails', () => {
  it('comes back when its delay is over, not before, and keeps what has finished', async () => {
    const { runId } = await requested();
    const { lease } = await claim(runId);
    await runs.startStage(lease, 'snapshot');
    await runs.finishStage(lease, 'snapshot', { file: 'a', nested: { rows: 3 } });
    await runs.startStage(lease, 'train');
    await runs.fail(lease, failure(3_600_000));
    expect(await runs.find(tenant.id, runId)).toMatchObject({
      status: 'queued',
      errorCode: 'unavailable',
      errorMessage: 'disk full',
      finishedAt: undefined,
    });
    expect(await runs.claim(tenant.id, runId, 'w', LEASE_MS)).toBeUndefined();
    await database.platform.query('UPDATE run SET not_before = now() WHERE run_id = $1', [runId]);
    expect((await claim(runId)).run).toMatchObject({
      attempt: 2,
      errorCode: undefined,
      errorMessage: undefined,
    });
    expect(await runs.stages(tenant.id, runId)).toEqual([
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
    const { runId } = await requested();
    await runs.fail((await claim(runId)).lease, failure(undefined));
    expect(await runs.find(tenant.id, runId)).toMatchObject({
      status: 'failed',
      outcome: undefined,
      finishedAt: expect.any(Date),
    });
    expect(await runs.claim(tenant.id, runId, 'w', LEASE_MS)).toBeUndefined();
    expect((await runs.requestManual(tenant.id, manual())).joined).toBe(false);
  });

  it('is recorded also when its message holds what Postgres cannot store', async () => {
    const { runId } = await requested();
    await runs.fail((await claim(runId)).lease, {
      ...failure(undefined),
      message: 'bad byte \u0000 in row 7',
    });
    expect(await runs.find(tenant.id, runId)).toMatchObject({
      status: 'failed',
      errorMessage: expect.stringContaining('in row 7'),
    });
  });
});

describe('stages', () => {
  it('come in the order of the template, whatever the order in which they were written', async () => {
    const { lease } = await claim((await requested()).runId);
    for (const stage of [...STAGES].reverse()) await runs.startStage(lease, stage);
    expect((await runs.stages(tenant.id, lease.runId)).map(({ stage }) => stage)).toEqual(STAGES);
  });

  it('count their attempts and begin again at 0', async () => {
    const { lease } = await claim((await requested()).runId);
    await runs.startStage(lease, 'train');
    await runs.reportProgress(lease, 'train', 0.7);
    await runs.startStage(lease, 'train');
    expect(await runs.stages(tenant.id, lease.runId)).toEqual([
      expect.objectContaining({ attempt: 2, progress: 0, error: undefined }),
    ]);
  });

  it('are all to be done again after a restart', async () => {
    const { lease } = await claim((await requested()).runId);
    for (const stage of ['snapshot', 'train'] as const) {
      await runs.startStage(lease, stage);
      await runs.finishStage(lease, stage, {});
    }
    await runs.restart(lease);
    expect((await runs.stages(tenant.id, lease.runId)).map(({ status }) => status)).toEqual([
      'failed',
      'failed',
    ]);
  });
});
