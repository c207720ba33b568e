import { randomUUID } from 'node:crypto';
import { decideVerdict, PIPELINE_TEMPLATE, type VerdictEvidence } from '#libs/domain';
import { createPostgresPool, PostgresFleetRunRepository } from '#libs/persistence';
import { ApiUnderTest, expectProblem } from './api-under-test.js';
import { Browser, People } from './people-under-test.js';

let api: ApiUnderTest;
const people = new People();

beforeAll(async () => {
  api = await ApiUnderTest.start();
});

afterAll(async () => {
  await people.close();
  await api?.stop();
});

interface Setting {
  readonly name: string;
}
const get = () => api.ask('GET', '/settings', { token: api.ownToken });
const current = async () => (await get()).json();
const tag = async () => String((await get()).headers.etag);
const named = (inForce: Setting[], name: string) => inForce.find((setting) => setting.name === name);
const put = (payload: object, ifMatch?: string) =>
  api.ask('PUT', '/settings', {
    token: api.ownToken,
    payload: { reason: 'because', ...payload },
    headers: ifMatch === undefined ? {} : { 'if-match': ifMatch },
  });
const preview = (payload: object) => api.ask('POST', '/settings/preview', { token: api.ownToken, payload });
/** Behind the API's back, as the command line does it. */
const sql = (text: string, ...values: unknown[]) =>
  api.database.runBulk(api.own.id, (client) => client.query(text, [api.own.id, ...values]));

beforeEach(() => sql(`UPDATE tenant SET settings = '{}', time_zone = 'Europe/Berlin' WHERE id = $1`));

test('shows what holds and where it comes from, and takes a change of it', async () => {
  const before = await current();
  expect(before).toMatchObject({ timeZone: 'Europe/Berlin', settings: {}, templateVersion: 1 });
  expect(named(before.inForce, 'gate.ndcgMargin')).toEqual({
    ...{ name: 'gate.ndcgMargin', value: 0.05, templateValue: 0.05, source: 'template' },
    ...{ minimum: 0, maximum: 1, whole: false },
  });
  const settings = { nightStartsAtHour: 3, gate: { ndcgMargin: 0.01 } };
  const changed = await put({ settings, timeZone: 'America/New_York' }, await tag());
  expect(changed.json()).toMatchObject({
    version: before.version + 1,
    settings,
    timeZone: 'America/New_York',
  });
  // Three in the morning of New York is seven or eight in UTC, and up to half an hour later.
  expect(changed.json().schedule).toMatchObject({
    ...{ nightStartsAtHour: 3, freshByHour: 6, nextRunAt: expect.stringMatching(/T0[78]:[0-2]\d:/) },
  });
  const after = await current();
  expect(changed.json()).toMatchObject(after);
  expect(named(after.inForce, 'gate.ndcgMargin')).toMatchObject({
    ...{ value: 0.01, templateValue: 0.05, source: 'tenant' },
  });
  expect((await get()).headers.etag).toBe(changed.headers.etag);
});

test('two editors do not overwrite each other, and nobody writes unseen', async () => {
  const seen = await tag();
  expect((await put({ settings: { listLength: 50 } }, seen)).statusCode).toBe(200);
  expectProblem(await put({ settings: { listLength: 60 } }, seen), 412, 'settingsChanged');
  expectProblem(await put({ settings: { listLength: 60 } }), 428, 'conditionMissing');
  for (const odd of ['"0"', 'W/' + (await tag()), 'x', '"99999999999-aaaaaaaaaaaaaaaa"'])
    expectProblem(await put({ settings: { listLength: 60 } }, odd), 412, 'settingsChanged');
  expect((await current()).settings).toEqual({ listLength: 50 });
  // The command line counts as an editor too.
  const mine = await tag();
  await sql(`UPDATE tenant SET settings = '{"listLength": 70}' WHERE id = $1`);
  expectProblem(await put({ settings: {} }, mine), 412, 'settingsChanged');
  const same = await tag();
  const both = await Promise.all([80, 90].map((listLength) => put({ settings: { listLength } }, same)));
  expect(both.map(({ statusCode }) => statusCode).sort()).toEqual([200, 412]);
  expect((await put({ settings: {} }, '*')).statusCode).toBe(200);
});

test('names every field that is wrong, and changes nothing', async () => {
  const wrong = { nightStartsAtHour: 24, colour: 'red', gate: { ndcgMargin: -1 }, tuningSeconds: 60 };
  const { version } = await current();
  const problem = expectProblem(await put({ settings: wrong }, '*'), 400, 'invalidSettings');
  expect(problem.errors.map(({ field }: { field: string }) => field)).toEqual([
    'nightStartsAtHour',
    'colour',
    'gate.ndcgMargin',
  ]);
  const platform = expectProblem(await put({ settings: { tuningSeconds: 60 } }, '*'), 400, 'invalidSettings');
  expect(platform.errors).toMatchObject([{ field: 'tuningSeconds', code: 'platformSetting' }]);
  expectProblem(await put({ settings: {}, timeZone: 'Mars/Base' }, '*'), 400, 'unknownTimeZone');
  expectProblem(await put({ settings: {}, reason: ' ' }, '*'), 400, 'reasonRequired');
  expectProblem(await put({ settings: [] }, '*'), 400, 'invalidFields');
  expectProblem(await preview({ settings: wrong }), 400, 'invalidSettings');
  expect((await current()).version).toBe(version);
});

test('leaves what the platform has set, and says so', async () => {
  await sql(
    `UPDATE tenant SET settings = '{"tuningSeconds": 60, "recipe": {"algorithm": "ials"}}' WHERE id = $1`,
  );
  expect(await current()).toMatchObject({ settings: {}, platform: { algorithm: 'ials', tuningSeconds: 60 } });
  await put({ settings: { listLength: 40 } }, await tag());
  const { rows } = await sql('SELECT settings FROM tenant WHERE id = $1');
  expect(rows[0].settings).toEqual({
    ...{ listLength: 40, tuningSeconds: 60, recipe: { algorithm: 'ials' } },
  });
});

test('is in the trail with person, reason, before and after; what changes nothing is not', async () => {
  const { email } = await people.add({ tenant: api.own });
  const browser = new Browser(api);
  await browser.signIn(email);
  const headers = { cookie: browser.cookie!, 'x-csrf-token': browser.csrfToken!, 'if-match': '*' };
  const payload = { settings: { freshByHour: 5 }, reason: 'The shop opens at five' };
  const url = `/v1/tenants/${api.ownSlug}/settings`;
  for (let i = 0; i < 2; i++)
    expect((await api.app.inject({ method: 'PUT', url, headers, payload })).statusCode).toBe(200);
  const trail = (await api.ask('GET', '/audit?limit=10', { token: api.ownToken })).json();
  const entries = trail.entries.filter(({ reason }: { reason: string }) => reason === payload.reason);
  expect(entries).toMatchObject([
    {
      action: 'settings.changed',
      actor: expect.stringContaining(email),
      detail: { before: { settings: {} }, after: { settings: { freshByHour: 5 } } },
    },
  ]);
  expect((await api.ask('GET', '/audit/verification', { token: api.ownToken })).json().intact).toBe(true);
});

test('an analyst looks and previews, and changes nothing', async () => {
  const { email } = await people.add({ tenant: api.own, role: 'analyst' });
  const browser = new Browser(api);
  await browser.signIn(email);
  const url = `/v1/tenants/${api.ownSlug}/settings`;
  expect((await browser.ask('GET', url)).statusCode).toBe(200);
  expect((await browser.ask('POST', `${url}/preview`, { settings: {} })).statusCode).toBe(200);
  expectProblem(await browser.ask('PUT', url, { settings: {}, reason: 'x' }), 403);
  expectProblem(await browser.ask('GET', `/v1/tenants/${api.otherSlug}/settings`), 404, 'notFound');
});

test('a preview says what differs, the next night, and what the last verdict would have been', async () => {
  // The ranking may be worse by 6 % where 5 % are allowed.
  const evidence: VerdictEvidence = {
    lane: 'refresh',
    reference: { algorithm: 'hybrid', rmse: 1, ndcg10: 0.2, coverage10: 0.5 },
    challenger: { algorithm: 'hybrid', rmse: 0.98, ndcg10: 0.195, coverage10: 0.45 },
    ...{ customers: 400, rows: 2_000 },
    rmse: { difference: -0.02, low: -0.03, high: -0.01 },
    ndcg10: { difference: -0.005, low: -0.012, high: 0.002 },
  };
  const { promoted, reasonCode, sentence, ...numbers } = decideVerdict(evidence, PIPELINE_TEMPLATE.gate);
  await sql(
    `INSERT INTO verdict (tenant_id, run_id, lane, champion_version, challenger_version, promoted, reason_code, sentence, numbers)
     VALUES ($1, $2, 'refresh', 1, 2, $3, $4, $5, $6)`,
    ...[randomUUID(), promoted, reasonCode, sentence, JSON.stringify(numbers)],
  );
  const answer = (await preview({ settings: { gate: { ndcgMargin: 0.07 } }, timeZone: 'Asia/Tokyo' })).json();
  expect(answer.changes).toEqual([
    { name: 'timeZone', from: 'Europe/Berlin', to: 'Asia/Tokyo' },
    { name: 'gate.ndcgMargin', from: 0.05, to: 0.07 },
  ]);
  // Midnight of Tokyo.
  expect(answer.schedule.nextRunAt).toMatch(/T15:[0-2]\d:/);
  expect(answer.verdicts).toMatchObject([
    { challengerVersion: 2, before: { promoted: false }, after: { promoted: true } },
  ]);
  expect((await current()).settings).toEqual({});
});

test('the planner goes by the new beginning at once, and at the moment that was said', async () => {
  const pool = createPostgresPool({
    ...{ connectionString: process.env.TEST_PLATFORM_DATABASE_URL!, max: 2, applicationName: 'spec' },
  });
  try {
    await sql(`UPDATE tenant SET settings = '{"nightStartsAtHour": 1}' WHERE id = $1`);
    const { schedule } = (
      await put({ settings: { nightStartsAtHour: 20 }, timeZone: 'Asia/Tokyo' }, '*')
    ).json();
    const at = Date.parse(schedule.nextRunAt);
    const planner = new PostgresFleetRunRepository(pool);
    const planned = async () => {
      const text = `SELECT night::text FROM run WHERE tenant_id = $1 AND kind = 'nightly'`;
      return (await sql(text)).rows.length;
    };
    await planner.planNights(new Date(at - 1));
    expect(await planned()).toBe(0);
    await planner.planNights(new Date(at));
    expect(await planned()).toBe(1);
    const next = (await api.ask('GET', '', { token: api.ownToken })).json().schedule.nextRunAt;
    expect(Date.parse(next) - at).toBeGreaterThan(23 * 3_600_000);
  } finally {
    await pool.end();
  }
});
