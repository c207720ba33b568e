import { logLine, logText, MOST_LOG_LINES, STAGES } from '#libs/domain';
import { createTestTenant, useTestNights } from '#libs/testing';
import { customersOf, interactions, resume } from './grocer-nights.js';

const under = useTestNights(process.env);
const some = interactions.slice(0, 4_000);

test('a night says what each stage read, trained and chose, over two attempts, and names no customer', async () => {
  const tenant = await createTestTenant(under.database);
  await under.nights.load(tenant, some);
  await expect(under.nights.run(tenant, { mayGoOn: (next) => next < 4 })).rejects.toThrow('stopping');
  await resume(under.database, under.nights, tenant);
  const [{ runId }] = await under.nights.runs.list(tenant.id, 1);
  const run = (await under.nights.runs.find(tenant.id, runId))!;
  const stages = await under.nights.runs.stages(tenant.id, runId);
  expect(stages.map(({ stage }) => stage)).toEqual(STAGES);
  const said = Object.fromEntries(stages.map(({ stage, log }) => [stage, log.map(({ message }) => message)]));
  const { rows } = await customersOf(under.database, tenant);
  expect(said.snapshot[0]).toBe('Begins.');
  expect(said.snapshot[1]).toContain(
    `Read 4,000 interactions of ${rows.length.toLocaleString('en')} customers`,
  );
  expect(said.validate[1]).toMatch(/^Kept [\d,]+ of 4,000 rows/);
  expect(said.train.filter((line) => line.startsWith('Trained '))).toHaveLength(4);
  const [{ sentence }] = await under.nights.registry.verdicts(tenant.id, 1);
  expect(said.decide).toContain(sentence);
  expect(said.publish).toContainEqual('The run ends here: promoted.');
  for (const lines of Object.values(said)) {
    expect(lines[0]).toMatch(/^Begins(, in attempt 2)?\.$/);
    expect(lines.at(-1)).toMatch(/^Took \d+\.\d s; the process has [\d.]+ MB in use\.$/);
  }
  expect(stages.some(({ log }) => log[0].message.includes('attempt 2'))).toBe(true);
  const text = logText(run, stages);
  expect(text).toMatch(/^run .*promoted\n/);
  expect(rows.length).toBeGreaterThan(50);
  for (const { customer_id: id } of rows) expect(text).not.toContain(id);
});

test('a stage that talks too much is cut off, and whoever has lost the run says nothing', async () => {
  const tenant = await createTestTenant(under.database);
  const { runs } = under.nights;
  const asked = { night: '2026-11-21', seed: 1, templateVersion: 1, requestedBy: 'kim', reason: undefined };
  const { run } = await runs.requestManual(tenant.id, asked);
  const claimed = await runs.claim(tenant.id, run.runId, 'worker', 60_000);
  const { lease } = claimed!;
  await runs.startStage(lease, 'snapshot');
  const lines = Array.from({ length: 150 }, (_, index) => logLine(`line ${index}`));
  for (let i = 0; i < 3; i++) await runs.appendLog(lease, 'snapshot', lines);
  await runs.appendLog({ ...lease, fencingToken: lease.fencingToken - 1 }, 'snapshot', [logLine('stolen')]);
  const other = await createTestTenant(under.database);
  await runs.appendLog({ ...lease, tenantId: other.id }, 'snapshot', [logLine('foreign')]);
  const [{ log }] = await runs.stages(tenant.id, run.runId);
  expect(log).toHaveLength(MOST_LOG_LINES);
  expect(log.at(-1)).toMatchObject({ message: 'line 49' });
  expect(JSON.stringify(log)).not.toMatch(/stolen|foreign/);
});

test('a line is short, and holds nothing that cannot be stored', () => {
  const { message } = logLine(`a\0b${'x'.repeat(1_000)}`);
  expect(message.startsWith('a\ufffdb')).toBe(true);
  expect(message).toHaveLength(500);
});
