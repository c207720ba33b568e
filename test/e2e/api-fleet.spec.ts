import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { ApiUnderTest, expectProblem } from './api-under-test.js';
import { Browser, People } from './people-under-test.js';

let api: ApiUnderTest;
let people: People;
let olga: Browser;
const mark = `fleet${randomBytes(4).toString('hex')}`;

beforeAll(async () => {
  api = await ApiUnderTest.start();
  people = new People();
  olga = new Browser(api);
  await olga.signIn((await people.add({ isOperator: true })).email);
}, 120_000);

afterAll(async () => {
  await people?.close();
  await api?.stop();
});

const onboard = (csv: string, dryRun?: boolean) => olga.ask('POST', '/v1/fleet/onboarding', { csv, dryRun });
const tenants = async (query = '') =>
  (await olga.ask('GET', `/v1/fleet/tenants?text=${mark}${query}`)).json();
const HEADER = 'slug,name,timeZone,currency,adminEmail';

describe('onboarding', () => {
  const good = [
    `${mark}-a,Shop A,Europe/Oslo,NOK,anna@a.example`,
    `${mark}-b,"Shop, B",UTC,EUR,`,
    `${mark}-c,Shop C,Asia/Tokyo,JPY,`,
  ];

  test('says beforehand what would come of a file', async () => {
    const report = (await onboard([HEADER, ...good].join('\n'), true)).json();
    expect(report).toMatchObject({ read: 3, alreadyKnown: 0, rejected: [] });
    expect(report.created).toHaveLength(3);
    expect((await tenants()).matching).toBe(0);
  });

  test('makes tenants of good rows, and names what is wrong with the others', async () => {
    const rows = [
      ...good,
      `${mark}-D,Shop,UTC,EUR,`,
      `${mark}-e,Shop,Mars/Olympus,EUR,`,
      `${mark}-f,Shop,UTC,euro,`,
      `${mark}-g,,UTC,EUR,`,
      `${mark}-h,Shop,UTC,EUR,not an address`,
      `${mark}-i,Shop,UTC,EUR`,
      `${mark}-a,Another,UTC,EUR,`,
    ];
    const answer = await onboard([HEADER, ...rows].join('\r\n'));
    expect(answer.statusCode).toBe(200);
    const report = answer.json();
    expect(report.created.map(({ row, tenant }: { row: number; tenant: string }) => [row, tenant])).toEqual([
      [1, `${mark}-a`],
      [2, `${mark}-b`],
      [3, `${mark}-c`],
    ]);
    expect(
      report.rejected.map(({ row, field, code }: Record<string, unknown>) => [row, field, code]),
    ).toEqual([
      [4, 'slug', 'invalidSlug'],
      [5, 'timeZone', 'unknownTimeZone'],
      [6, 'currency', 'invalidCurrency'],
      [7, 'name', 'invalidName'],
      [8, 'adminEmail', 'invalidEmail'],
      [9, null, 'wrongColumnCount'],
      [10, 'slug', 'slugTaken'],
    ]);
    expect(await tenants()).toMatchObject({ matching: 3 });
  });

  test('invites the first admin', async () => {
    const report = (await onboard(`${HEADER}\n${mark}-z,Shop Z,UTC,EUR,zoe-${mark}@z.example\n`)).json();
    const [{ invitationToken }] = report.created;
    const shown = await new Browser(api).ask('GET', `/v1/invitations/${invitationToken}`);
    expect(shown.json()).toMatchObject({ email: `zoe-${mark}@z.example`, role: 'admin' });
  });

  test('counts a file that is sent twice once', async () => {
    const report = (await onboard([HEADER, ...good].join('\n'))).json();
    expect(report).toMatchObject({ read: 3, created: [], alreadyKnown: 3, rejected: [] });
  });

  test.each([
    ['', 'emptyFile'],
    ['slug,name\n', 'unknownColumn'],
    [`${HEADER},colour\n`, 'unknownColumn'],
    [`slug,slug,name,timeZone,currency\n`, 'unknownColumn'],
  ])('refuses the file %j as a whole', async (csv, code) => {
    expectProblem(await onboard(csv), 400, code);
  });

  test('refuses what is no text', async () => {
    for (const body of [{}, { csv: 7 }, { csv: 'x', dryRun: 'yes' }])
      expectProblem(await olga.ask('POST', '/v1/fleet/onboarding', body), 400);
  });
});

describe('the list of tenants', () => {
  test('comes in columns of one length, filtered, sorted and in pages', async () => {
    const { total, matching, columns } = await tenants('&sort=tenant&limit=2&offset=1');
    expect(total).toBeGreaterThanOrEqual(matching);
    expect(columns.tenant).toEqual([`${mark}-b`, `${mark}-c`]);
    for (const column of Object.values<unknown[]>(columns)) expect(column).toHaveLength(2);
    expect(columns).toMatchObject({
      ...{ name: ['Shop, B', 'Shop C'], state: ['on', 'on'], size: ['empty', 'empty'] },
      ...{ lastStatus: ['', ''], troubles: [[], []], accuracy: [[], []], age: ['firstMonth', 'firstMonth'] },
    });
    expect((await tenants('&state=off')).matching).toBe(0);
    expect((await tenants('&trouble=any')).matching).toBe(0);
  });

  test.each(['sort=wealth', 'limit=0', 'limit=x', 'state=asleep', 'trouble=love', 'offset=-1', 'colour=red'])(
    'refuses ?%s',
    async (query) => {
      expectProblem(await olga.ask('GET', `/v1/fleet/tenants?${query}`), 400);
    },
  );
});

describe('one tenant', () => {
  const known = (slug: string) => olga.ask('GET', `/v1/fleet/tenants/${slug}`);

  test('comes with its states, templates and visits, and without its data', async () => {
    const slug = `${mark}-a`;
    const visit = { tenant: slug, reason: 'Ticket 4711', minutes: 5 };
    expect((await olga.ask('POST', '/v1/visits', visit)).statusCode).toBe(201);
    const answer = await known(slug);
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({
      ...{ tenant: slug, name: 'Shop A', timeZone: 'Europe/Oslo', state: 'on', size: 'empty' },
      ...{ age: 'firstMonth', interactions: null, troubles: [], requestsToday: 0, states: [] },
      requestsPerDay: null,
      ...{ stateChangedAt: expect.any(String), createdAt: expect.any(String) },
      templates: [{ version: expect.any(Number), since: expect.any(String) }],
      visits: [expect.objectContaining({ reason: 'Ticket 4711', endedAt: null })],
    });
  });

  test('is not there under another name', async () => {
    expectProblem(await known(`${mark}-none`), 404, 'notFound');
    expectProblem(await known('%00'), 404, 'notFound');
  });
});

describe('a bulk action', () => {
  const preview = async (action: string, filter: object = { text: mark }) =>
    (await olga.ask('POST', '/v1/fleet/bulk-actions/previews', { action, filter })).json();
  const execute = (body: object) => olga.ask('POST', '/v1/fleet/bulk-actions', body);

  test('does what was counted, once, and every tenant can read who and why', async () => {
    const { token, count, sample } = await preview('freeze');
    expect(count).toBe(4);
    expect(sample).toContain(`${mark}-a`);
    expectProblem(await execute({ token, count: 3, reason: 'x' }), 400, 'notConfirmed');
    expectProblem(await execute({ token, count, reason: ' ' }), 400, 'reasonRequired');
    const done = await execute({ token, count, reason: 'Wrong prices everywhere' });
    expect(done.json()).toEqual({ changed: 4, unchanged: 0, failed: [] });
    expect((await tenants('&state=frozen')).matching).toBe(4);
    expectProblem(await execute({ token, count, reason: 'again' }), 409, 'unknownToken');
    const admin = new pg.Client({ connectionString: process.env.TEST_ADMIN_DATABASE_URL });
    await admin.connect();
    const { rows } = await admin.query(
      `SELECT c.reason, c.actor FROM lifecycle_change c JOIN tenant t ON t.id = c.tenant_id WHERE t.slug = $1`,
      [`${mark}-a`],
    );
    await admin.end();
    const { states } = (await olga.ask('GET', `/v1/fleet/tenants/${mark}-a`)).json();
    expect(states).toMatchObject([{ from: 'on', to: 'frozen', reason: 'Wrong prices everywhere' }]);
    expect(rows).toEqual([
      { reason: 'Wrong prices everywhere', actor: expect.stringMatching(/^Pat Person <.*>, operator$/) },
    ]);
    const [newest] = (await olga.ask('GET', '/v1/fleet/trail?limit=1')).json().entries;
    expect(newest).toMatchObject({ action: 'bulk.freeze', detail: { tenants: 4, filter: { text: mark } } });
  });

  test('does nothing when the tenants are others than those that were counted', async () => {
    const { token, count } = await preview('on');
    expect(count).toBe(4);
    await onboard(`${HEADER}\n${mark}-y,Shop Y,UTC,EUR,\n`);
    const other = await preview('freeze');
    expect(
      (await execute({ token: other.token, count: other.count, reason: 'y alone' })).json().changed,
    ).toBe(1);
    expectProblem(await execute({ token, count, reason: 'late' }), 409, 'selectionChanged');
    expect((await tenants('&state=frozen')).matching).toBe(5);
    const again = await preview('on');
    expect((await execute({ token: again.token, count: 5, reason: 'right again' })).json().changed).toBe(5);
  });

  test('starts runs', async () => {
    const { token, count } = await preview('run');
    expect((await execute({ token, count, reason: 'new rules' })).json()).toMatchObject({ changed: 5 });
    const runs = (await olga.ask('GET', '/v1/fleet/runs?status=queued&limit=100')).json().runs;
    expect(runs.filter(({ tenant }: { tenant: string }) => tenant.startsWith(mark))).toHaveLength(5);
  });

  test('is only for who has counted', async () => {
    const { token, count } = await preview('freeze');
    const other = new Browser(api);
    await other.signIn((await people.add({ isOperator: true })).email);
    const stolen = await other.ask('POST', '/v1/fleet/bulk-actions', { token, count, reason: 'x' });
    expectProblem(stolen, 409, 'unknownToken');
    expectProblem(await execute({ token: 'x', count: 0, reason: 'x' }), 409, 'unknownToken');
  });

  test.each([
    { action: 'off', filter: {} },
    { action: 'freeze' },
    { action: 'freeze', filter: [] },
    { action: 'freeze', filter: { colour: 'red' } },
    { action: 'freeze', filter: { state: 'asleep' } },
  ])('is refused: %j', async (body) => {
    expectProblem(await olga.ask('POST', '/v1/fleet/bulk-actions/previews', body), 400);
  });
});

describe('reports', () => {
  test('rates, and the thresholds of their alarm', async () => {
    const rates = (await olga.ask('GET', '/v1/fleet/rates?by=age&weeks=2')).json();
    expect(rates).toMatchObject({ by: 'age', thresholds: { freezesPerWeek: expect.any(Number) } });
    expect(rates.series[0].weeks).toHaveLength(2);
    const change = { freezesPerWeek: 0.05, turnOffsPerWeek: 0.02, reason: 'holidays' };
    expect((await olga.ask('PUT', '/v1/fleet/alert-thresholds', change)).statusCode).toBe(200);
    expect((await olga.ask('GET', '/v1/fleet/rates')).json().thresholds).toEqual({
      ...{ freezesPerWeek: 0.05, turnOffsPerWeek: 0.02 },
    });
    for (const wrong of [{ freezesPerWeek: 2 }, { reason: '' }, { turnOffsPerWeek: 'x' }])
      expectProblem(await olga.ask('PUT', '/v1/fleet/alert-thresholds', { ...change, ...wrong }), 400);
    expectProblem(await olga.ask('GET', '/v1/fleet/rates?by=colour'), 400);
  });

  test('workers and queues, without Redis too', async () => {
    const work = (await olga.ask('GET', '/v1/fleet/work')).json();
    expect(work).toMatchObject({ workers: expect.any(Array), queues: null });
    expect(work.unfinishedRuns.queued).toBeGreaterThanOrEqual(5);
  });

  test('runs of one tenant, and those of a night', async () => {
    const runs = async (query: string) => (await olga.ask('GET', `/v1/fleet/runs?${query}`)).json().runs;
    const [run, ...others] = await runs(`tenant=${mark}-a`);
    expect(run).toMatchObject({ tenant: `${mark}-a`, status: 'queued', ndcg10: null, interactions: null });
    expect(others).toEqual([]);
    const slugs = (await runs(`night=${run.night}&status=queued&limit=200`)).map(
      (each: typeof run) => each.tenant,
    );
    expect(slugs).toContain(`${mark}-a`);
    expect(await runs(`night=1999-12-31`)).toEqual([]);
    expect(await runs(`tenant=${mark}-none`)).toEqual([]);
    for (const wrong of ['night=yesterday', 'night=2026-02-30', `tenant=${'x'.repeat(101)}`, 'tenant=%00'])
      expectProblem(await olga.ask('GET', `/v1/fleet/runs?${wrong}`), 400);
  });

  test('jobs of a queue, without Redis too', async () => {
    const jobs = (query: string) => olga.ask('GET', `/v1/fleet/queues/${query}`);
    expect((await jobs('training/jobs')).json()).toEqual({ queue: 'training', state: 'failed', jobs: null });
    expectProblem(await jobs('lottery/jobs'), 404, 'notFound');
    expectProblem(await jobs('training/jobs?state=asleep'), 400);
  });

  test('costs', async () => {
    const { nights } = (await olga.ask('GET', '/v1/fleet/costs?nights=3')).json();
    const runs = nights.reduce((sum: number, night: { runs: number }) => sum + night.runs, 0);
    expect(runs).toBeGreaterThanOrEqual(5);
  });
});
