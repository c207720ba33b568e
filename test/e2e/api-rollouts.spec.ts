import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { ApiUnderTest, expectProblem } from './api-under-test.js';
import { Browser, People } from './people-under-test.js';

let api: ApiUnderTest;
let people: People;
let admin: pg.Client;
let olga: Browser;
let email: string;

beforeAll(async () => {
  api = await ApiUnderTest.start();
  people = new People();
  admin = new pg.Client({ connectionString: process.env.TEST_ADMIN_DATABASE_URL });
  await admin.connect();
  ({ email } = await people.add({ isOperator: true }));
  olga = new Browser(api);
  await olga.signIn(email);
}, 120_000);

afterAll(async () => {
  // Other specs share the database, and one roll-out runs at a time.
  await admin?.query(
    `UPDATE template_rollout SET state = 'stopped', ended_at = now() WHERE state = 'running'`,
  );
  await admin?.query('UPDATE tenant SET template_version = 1 WHERE template_version <> 1');
  await admin?.end();
  await people?.close();
  await api?.stop();
});

async function register(settings: object = { listLength: 50 }): Promise<number> {
  const answer = await olga.ask('POST', '/v1/templates', { settings, note: 'shorter lists' });
  expect(answer.statusCode).toBe(201);
  return answer.json().version;
}

describe('template versions', () => {
  test('are registered, listed and shown as a whole', async () => {
    const version = await register({ params: { ials: { sweeps: 3 } } });
    const [newest] = (await olga.ask('GET', '/v1/templates')).json().templates;
    expect(newest).toMatchObject({
      version,
      tenants: 0,
      inUse: false,
      registeredBy: `Pat Person <${email}>`,
    });
    const { template } = (await olga.ask('GET', `/v1/templates/${version}`)).json();
    expect(template).toMatchObject({ version, params: { ials: { factors: 128, sweeps: 3 } } });
  });

  test('name what is wrong with them', async () => {
    const settings = { seed: 3, gate: { refreshMargin: 'wide' } };
    const problem = expectProblem(
      await olga.ask('POST', '/v1/templates', { settings, note: 'x' }),
      400,
      'invalidTemplate',
    );
    expect(problem.errors.map(({ field }: { field: string }) => field)).toEqual([
      'seed',
      'gate.refreshMargin',
    ]);
    for (const body of [
      {},
      { settings: [], note: 'x' },
      { settings: {}, note: '' },
      { settings: {}, note: 7 },
    ])
      expectProblem(await olga.ask('POST', '/v1/templates', body), 400);
    expectProblem(await olga.ask('GET', '/v1/templates/99999'), 404, 'notFound');
    expectProblem(await olga.ask('GET', '/v1/templates/99999999999'), 404, 'notFound');
    expectProblem(await olga.ask('GET', '/v1/templates/x'), 400);
  });
});

describe('a roll-out', () => {
  test('starts, refuses what makes no sense, and is stopped with everything on record', async () => {
    const templateVersion = await register();
    const started = await olga.ask('POST', '/v1/rollouts', {
      ...{ templateVersion, reason: 'cheaper', shares: [0.5, 1], thresholds: { ndcgDrop: 0.05 } },
    });
    expect(started.statusCode).toBe(201);
    const { rolloutId, ...rollout } = started.json();
    expect(rollout).toMatchObject({
      ...{ state: 'running', formerVersion: 1, comparison: null, endedAt: null },
      thresholds: { ndcgDrop: 0.05, failureShare: 0.02 },
      steps: [{ share: 0.5 }],
    });
    const again = await olga.ask('POST', '/v1/rollouts', { templateVersion, reason: 'again' });
    expectProblem(again, 409, 'rolloutRunning');
    const act = (action: string, body: object = { reason: 'because' }) =>
      olga.ask('POST', `/v1/rollouts/${rolloutId}/${action}`, body);
    expectProblem(await act('widen'), 409, 'notEnoughNights');
    expectProblem(await act('complete'), 409, 'notFullyRolledOut');
    expectProblem(await act('stop', {}), 400);
    expectProblem(await act('stop', { reason: ' ' }), 400, 'reasonRequired');
    expect((await act('stop')).json()).toMatchObject({ state: 'stopped' });
    expectProblem(await act('stop'), 409, 'rolloutEnded');
    const { events } = (await olga.ask('GET', `/v1/rollouts/${rolloutId}`)).json();
    expect(events).toMatchObject([
      { action: 'started', actor: `Pat Person <${email}>`, reason: 'cheaper', detail: { share: 0.5 } },
      { action: 'stopped', reason: 'because' },
    ]);
    const { entries } = (await olga.ask('GET', '/v1/fleet/trail?limit=2')).json();
    expect(entries.map(({ action }: { action: string }) => action)).toEqual([
      'rollout.stopped',
      'rollout.started',
    ]);
    expect((await olga.ask('GET', '/v1/fleet/trail/verification')).json()).toMatchObject({ intact: true });
  });

  test.each([
    [{ templateVersion: 99_999, reason: 'x' }, 404],
    [{ templateVersion: 1, reason: 'x' }, 409],
    [{ templateVersion: 0, reason: 'x' }, 400],
    [{ templateVersion: 1 }, 400],
    [{ templateVersion: 1, reason: 'x', shares: [0.5, 0.1, 1] }, 400],
    [{ templateVersion: 1, reason: 'x', shares: [0.5] }, 400],
    [{ templateVersion: 1, reason: 'x', shares: [] }, 400],
    [{ templateVersion: 1, reason: 'x', shares: ['all'] }, 400],
    [{ templateVersion: 1, reason: 'x', thresholds: { falseStopShare: 1 } }, 400],
    [{ templateVersion: 1, reason: 'x', thresholds: { speed: 1 } }, 400],
  ])('is refused: %j', async (body, status) => {
    expectProblem(await olga.ask('POST', '/v1/rollouts', body), status);
  });

  test('that nobody knows is 404', async () => {
    for (const id of [randomUUID(), 'x', "' OR true"]) {
      const path = `/v1/rollouts/${encodeURIComponent(id)}`;
      expectProblem(await olga.ask('GET', path), 404, 'notFound');
      expectProblem(await olga.ask('POST', `${path}/stop`, { reason: 'x' }), 404, 'notFound');
    }
  });
});

test('tenants’ people, even admins, and keys see nothing of it', async () => {
  const pat = new Browser(api);
  await pat.signIn((await people.add({ tenant: api.own })).email);
  for (const [method, path] of [
    ['GET', '/v1/templates'],
    ['POST', '/v1/templates'],
    ['GET', '/v1/rollouts'],
    ['POST', '/v1/rollouts'],
    ['GET', '/v1/fleet/trail'],
  ] as const) {
    const body = method === 'POST' ? {} : undefined;
    expectProblem(await pat.ask(method, path, body), 403, 'operatorsOnly');
    expectProblem(await new Browser(api).ask(method, path, body), 401, 'sessionRequired');
  }
});

test('the operators’ trail cannot be rewritten', async () => {
  for (const login of ['TEST_DATABASE_URL', 'TEST_PLATFORM_DATABASE_URL', 'TEST_ACCOUNTS_DATABASE_URL']) {
    const client = new pg.Client({ connectionString: process.env[login] });
    await client.connect();
    await expect(client.query(`UPDATE fleet_audit_entry SET content = '{}'`)).rejects.toThrow();
    await expect(client.query('DELETE FROM fleet_audit_entry')).rejects.toThrow();
    await expect(client.query('DELETE FROM template_rollout_event')).rejects.toThrow();
    await client.end();
  }
  await expect(admin.query(`UPDATE fleet_audit_entry SET content = '{}'`)).rejects.toThrow('never changed');
});
