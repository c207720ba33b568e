import { ApiUnderTest, expectProblem } from './api-under-test.js';
import { Browser, PASSWORD, People } from './people-under-test.js';

let api: ApiUnderTest;
let people: People;

beforeAll(async () => {
  api = await ApiUnderTest.start();
  people = new People();
}, 120_000);

afterAll(async () => {
  await people?.close();
  await api?.stop();
});

async function signedIn(options: Parameters<People['add']>[0]) {
  const person = await people.add(options);
  const browser = new Browser(api);
  expect((await browser.signIn(person.email)).statusCode).toBe(200);
  return { ...person, browser };
}

const ownPath = (path: string) => `/v1/tenants/${api.ownSlug}${path}`;

describe('a session', () => {
  test('begins with a password, says who one is, and ends', async () => {
    const { browser, email } = await signedIn({ tenant: api.own });
    const session = await browser.ask('GET', '/v1/session');
    expect(session.json()).toMatchObject({
      account: { email, name: 'Pat Person', isOperator: false },
      memberships: [{ tenant: api.ownSlug, tenantName: 'A shop', role: 'admin' }],
      visits: [],
    });
    expect(session.body).not.toContain(`"${api.own.id}"`);
    expect((await browser.ask('DELETE', '/v1/session')).statusCode).toBe(204);
    expectProblem(await browser.ask('GET', '/v1/session'), 401, 'sessionRequired');
  });

  test('is in a cookie that scripts cannot read and other sites cannot use to change something', async () => {
    const { email } = await people.add({ tenant: api.own });
    const answer = await new Browser(api).signIn(email);
    expect(answer.headers['set-cookie']).toMatch(
      /ns_session=[\w-]{43}; .*Path=\/; .*HttpOnly; .*SameSite=Lax/i,
    );
    const { rows } = await apiRows('SELECT token_sha256 FROM session');
    expect(JSON.stringify(rows)).not.toContain(answer.cookies[0].value);
  });

  test('does not open changes to who sends the cookie alone', async () => {
    const { browser } = await signedIn({ tenant: api.own });
    const right = browser.csrfToken;
    for (const token of [undefined, 'x', `${right}x`]) {
      browser.csrfToken = token;
      const change = { state: 'frozen', reason: 'forged' };
      expectProblem(await browser.ask('PUT', ownPath('/lifecycle'), change), 403, 'csrfTokenMissing');
      expectProblem(await browser.ask('DELETE', '/v1/session'), 403, 'csrfTokenMissing');
    }
    expect((await browser.ask('GET', ownPath('/lifecycle'))).statusCode).toBe(200);
  });

  test('asks only so often, and slows nobody else down by it', async () => {
    const [busy, calm] = [await signedIn({}), await signedIn({})];
    const path = (i: number) => (i % 2 === 0 ? '/v1/session' : `/v1/tenants/${api.otherSlug}/runs`);
    const wave = () => Promise.all(Array.from({ length: 50 }, (_, i) => busy.browser.ask('GET', path(i))));
    const isRefused = ({ statusCode }: { statusCode: number }) => ![200, 404].includes(statusCode);
    let refused: Awaited<ReturnType<typeof wave>> = [];
    for (let i = 0; i < 100 && refused.length === 0; i++) refused = (await wave()).filter(isRefused);
    expectProblem(refused[0], 429, 'rateLimited');
    expect((await calm.browser.ask('GET', '/v1/session')).statusCode).toBe(200);
  });

  test('that is signed out is over on the server, too', async () => {
    const { browser } = await signedIn({ tenant: api.own });
    const stolen = new Browser(api);
    [stolen.cookie, stolen.csrfToken] = [browser.cookie, browser.csrfToken];
    await browser.ask('DELETE', '/v1/session');
    expectProblem(await stolen.ask('GET', ownPath('')), 401, 'sessionRequired');
  });

  test('ends with another password, except the one that changed it', async () => {
    const { browser, email } = await signedIn({ tenant: api.own });
    const elsewhere = new Browser(api);
    await elsewhere.signIn(email);
    const wrong = { current: 'not this one at all', next: 'nine louder lighthouses' };
    expectProblem(await browser.ask('PUT', '/v1/session/password', wrong), 400, 'wrongPassword');
    const weak = { current: PASSWORD, next: 'short' };
    expectProblem(await browser.ask('PUT', '/v1/session/password', weak), 400, 'weakPassword');
    const change = { current: PASSWORD, next: 'nine louder lighthouses' };
    expect((await browser.ask('PUT', '/v1/session/password', change)).statusCode).toBe(204);
    expect((await browser.ask('GET', '/v1/session')).statusCode).toBe(200);
    expectProblem(await elsewhere.ask('GET', '/v1/session'), 401);
    expectProblem(await new Browser(api).signIn(email), 401, 'wrongCredentials');
    expect((await new Browser(api).signIn(email, change.next)).statusCode).toBe(200);
  });

  test('is over after eight idle hours, and after a week in any case', async () => {
    for (const change of [
      "seen_at = now() - interval '481 minutes'",
      "expires_at = now() - interval '1 second'",
    ]) {
      const { browser, accountId } = await signedIn({ tenant: api.own });
      await apiRows(`UPDATE session SET ${change} WHERE account_id = '${accountId}'`);
      expectProblem(await browser.ask('GET', '/v1/session'), 401, 'sessionRequired');
    }
  });
});

describe('a wrong password', () => {
  test('says the same for an address that nobody has, and locks both alike', async () => {
    const { email } = await people.add({ tenant: api.own });
    for (const address of [email, 'nobody@people.example']) {
      const browser = new Browser(api);
      for (let attempt = 1; attempt <= 4; attempt++)
        expectProblem(await browser.signIn(address, 'wrong'), 401, 'wrongCredentials');
      const locked = await browser.signIn(address, 'wrong');
      expectProblem(locked, 423, 'accountLocked');
      expect(Number(locked.headers['retry-after'])).toBeGreaterThan(800);
      expectProblem(await browser.signIn(address, PASSWORD), 423, 'accountLocked');
    }
    const { browser: operator } = await signedIn({ isOperator: true });
    const listed = (await operator.ask('GET', '/v1/accounts')).json().accounts;
    expect(listed.find((each: { email: string }) => each.email === email).lockedUntil).not.toBeNull();
    expect((await operator.ask('POST', `/v1/accounts/${encodeURIComponent(email)}/unlock`)).statusCode).toBe(
      204,
    );
    expect((await new Browser(api).signIn(email)).statusCode).toBe(200);
  });

  test('that is refused takes as long for an address that somebody has as for one that nobody has', async () => {
    const { email } = await people.add();
    const took = async (address: string, password: string) => {
      const start = performance.now();
      const { statusCode } = await new Browser(api).signIn(address, password);
      return { statusCode, isSlow: performance.now() - start >= 240 };
    };
    expect(await took(email, 'not this one')).toEqual({ statusCode: 401, isSlow: true });
    expect(await took('unheard-of@people.example', 'not this one')).toEqual({
      statusCode: 401,
      isSlow: true,
    });
  });

  test('from one address is answered only so often', async () => {
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        api.app.inject({
          method: 'POST',
          url: '/v1/session',
          remoteAddress: '192.0.2.7',
          payload: { email: `spray-${i}@people.example`, password: 'Winter2026' },
        }),
      ),
    );
    const codes = answers.map(({ statusCode }) => statusCode);
    expect(codes.filter((code) => code === 401).length).toBeLessThanOrEqual(12);
    expect(codes.filter((code) => code === 429).length).toBeGreaterThanOrEqual(28);
  });

  test.each([
    {},
    { email: 'a@b.example' },
    { email: 7, password: 'x' },
    { email: 'a@b.example', password: '' },
  ])('a request like %j names what is missing', async (payload) => {
    const problem = expectProblem(await new Browser(api).ask('POST', '/v1/session', payload), 400);
    expect(problem.errors.length).toBeGreaterThan(0);
  });
});

describe('a role', () => {
  test('admin changes, analyst looks, and another tenant does not exist', async () => {
    const { browser: admin, email } = await signedIn({ tenant: api.own });
    const { browser: analyst } = await signedIn({ tenant: api.own, role: 'analyst' });
    const change = { state: 'frozen', reason: 'prices go live' };
    expectProblem(await analyst.ask('PUT', ownPath('/lifecycle'), change), 403, 'scopeMissing');
    expect((await analyst.ask('GET', ownPath('/lifecycle'))).json().state).toBe('on');
    expect((await admin.ask('PUT', ownPath('/lifecycle'), change)).json().state).toBe('frozen');
    const [entry] = (await analyst.ask('GET', ownPath('/lifecycle/history'))).json().changes;
    expect(entry.actor).toBe(`Pat Person <${email}>`);
    await admin.ask('PUT', ownPath('/lifecycle'), { state: 'on', reason: 'done' });
    const [other, none] = [
      await admin.ask('GET', `/v1/tenants/${api.otherSlug}`),
      await admin.ask('GET', '/v1/tenants/there-is-none'),
    ];
    for (const answer of [other, none]) expectProblem(answer, 404, 'notFound');
    expectProblem(await admin.ask('GET', '/v1/accounts'), 403, 'operatorsOnly');
  });

  test('that is taken away is gone at once, but never the last admin’s', async () => {
    const { browser: first, accountId } = await signedIn({ tenant: api.other });
    const path = `/v1/tenants/${api.otherSlug}/members`;
    expectProblem(await first.ask('DELETE', `${path}/${accountId}`), 409, 'lastAdmin');
    expectProblem(await first.ask('PATCH', `${path}/${accountId}`, { role: 'analyst' }), 409, 'lastAdmin');
    const { browser: second, accountId: secondId } = await signedIn({ tenant: api.other });
    expect((await second.ask('PATCH', `${path}/${accountId}`, { role: 'analyst' })).statusCode).toBe(204);
    expectProblem(await first.ask('DELETE', `${path}/${secondId}`), 403);
    expect((await second.ask('DELETE', `${path}/${accountId}`)).statusCode).toBe(204);
    expectProblem(await first.ask('GET', path), 404);
    for (const id of ['nonsense', '00000000-0000-4000-8000-000000000000'])
      expectProblem(await second.ask('DELETE', `${path}/${id}`), 404);
  });
});

describe('an invitation', () => {
  const path = () => ownPath('/members/invitations');

  test('makes a member of a new person, once', async () => {
    const { browser: admin } = await signedIn({ tenant: api.own });
    const email = 'new.person@people.example';
    const created = await admin.ask('POST', path(), { email: 'New.Person@people.example', role: 'analyst' });
    expect(created.statusCode).toBe(201);
    const url = `/v1${created.json().link}`;
    const browser = new Browser(api);
    expect((await browser.ask('GET', url)).json()).toMatchObject({
      email,
      tenant: api.ownSlug,
      role: 'analyst',
    });
    expectProblem(
      await browser.ask('POST', url, { name: 'New Person', password: 'short' }),
      400,
      'weakPassword',
    );
    const accepted = await browser.ask('POST', url, { name: 'New Person', password: PASSWORD });
    expect(accepted.json()).toMatchObject({ account: { email }, memberships: [{ role: 'analyst' }] });
    expect((await browser.ask('GET', ownPath(''))).statusCode).toBe(200);
    expectProblem(await new Browser(api).ask('GET', url), 404);
    const { members, invitations } = (await admin.ask('GET', ownPath('/members'))).json();
    expect(members.map((each: { email: string }) => each.email)).toContain(email);
    expect(invitations).toEqual([]);
    expectProblem(await admin.ask('POST', path(), { email, role: 'admin' }), 409, 'alreadyMember');
  });

  test('adds a tenant to an account only with its password', async () => {
    const { browser: admin } = await signedIn({ tenant: api.own });
    const { email } = await people.add();
    const url = `/v1${(await admin.ask('POST', path(), { email, role: 'admin' })).json().link}`;
    const thief = { name: 'Pat Person', password: 'whatever I choose' };
    expectProblem(await new Browser(api).ask('POST', url, thief), 401, 'wrongCredentials');
    const accepted = await new Browser(api).ask('POST', url, { name: 'Pat Person', password: PASSWORD });
    expect(accepted.json().memberships).toMatchObject([{ tenant: api.ownSlug, role: 'admin' }]);
  });

  test('that is withdrawn, replaced or old opens nothing', async () => {
    const { browser: admin } = await signedIn({ tenant: api.own });
    const invite = async (email: string) =>
      (await admin.ask('POST', path(), { email, role: 'analyst' })).json();
    const withdrawn = await invite('w@people.example');
    const gone = `${path()}/${withdrawn.invitationId}`;
    expect((await admin.ask('DELETE', gone)).statusCode).toBe(204);
    expectProblem(await admin.ask('DELETE', gone), 404);
    const replaced = await invite('r@people.example');
    await invite('r@people.example');
    const old = await invite('o@people.example');
    await apiRows(`UPDATE invitation SET expires_at = now() WHERE invitation_id = '${old.invitationId}'`);
    for (const { link } of [withdrawn, replaced, old]) {
      expectProblem(await new Browser(api).ask('GET', `/v1${link}`), 404);
      const request = { name: 'Late', password: PASSWORD };
      expectProblem(await new Browser(api).ask('POST', `/v1${link}`, request), 404);
    }
    expectProblem(
      await admin.ask('POST', path(), { email: 'no address', role: 'admin' }),
      400,
      'invalidEmail',
    );
  });
});

describe('an operator', () => {
  test('is in no tenant, until a visit with a reason that the tenant sees', async () => {
    const { browser: operator, email } = await signedIn({ isOperator: true });
    expectProblem(await operator.ask('GET', ownPath('')), 404);
    const request = { tenant: api.ownSlug, reason: 'Ticket 4711', minutes: 15 };
    expectProblem(
      await operator.ask('POST', '/v1/visits', { ...request, reason: '  ' }),
      400,
      'reasonRequired',
    );
    expectProblem(await operator.ask('POST', '/v1/visits', { ...request, minutes: 241 }), 400);
    expectProblem(await operator.ask('POST', '/v1/visits', { ...request, tenant: 'none' }), 404);
    const { visitId } = (await operator.ask('POST', '/v1/visits', request)).json();
    expect((await operator.ask('GET', '/v1/session')).json().visits).toMatchObject([{ tenant: api.ownSlug }]);
    expect((await operator.ask('GET', ownPath(''))).statusCode).toBe(200);
    expectProblem(await operator.ask('GET', `/v1/tenants/${api.otherSlug}`), 404);
    const { browser: analyst } = await signedIn({ tenant: api.own, role: 'analyst' });
    const { visits } = (await analyst.ask('GET', ownPath('/visits'))).json();
    expect(visits[0]).toMatchObject({
      operator: `Pat Person <${email}>`,
      reason: 'Ticket 4711',
      endedAt: null,
    });
    expect((await operator.ask('DELETE', `/v1/visits/${visitId}`)).statusCode).toBe(204);
    expectProblem(await operator.ask('GET', ownPath('')), 404);
    expectProblem(await operator.ask('DELETE', `/v1/visits/${visitId}`), 404);
    expectProblem(await analyst.ask('POST', '/v1/visits', request), 403, 'operatorsOnly');
  });

  test('is out when the time of the visit is over', async () => {
    const { browser: operator, accountId } = await signedIn({ isOperator: true });
    await operator.ask('POST', '/v1/visits', { tenant: api.ownSlug, reason: 'look', minutes: 1 });
    expect((await operator.ask('GET', ownPath(''))).statusCode).toBe(200);
    await apiRows(`UPDATE operator_visit SET until = now() WHERE account_id = '${accountId}'`);
    expectProblem(await operator.ask('GET', ownPath('')), 404);
  });

  test('shuts an account out at once', async () => {
    const { browser: operator } = await signedIn({ isOperator: true });
    const { browser, email } = await signedIn({ tenant: api.own });
    const path = `/v1/accounts/${encodeURIComponent(email)}`;
    expect((await operator.ask('POST', `${path}/disable`)).statusCode).toBe(204);
    expectProblem(await browser.ask('GET', '/v1/session'), 401);
    expectProblem(await new Browser(api).signIn(email), 401, 'wrongCredentials');
    expect((await operator.ask('POST', `${path}/enable`)).statusCode).toBe(204);
    expectProblem(await operator.ask('POST', '/v1/accounts/nobody@x.example/enable'), 404);
  });
});

test('a key opens no address of people, and beside a cookie the key is what counts', async () => {
  const headers = { authorization: `Bearer ${api.ownToken}` };
  for (const url of ['/v1/session', '/v1/accounts'])
    expectProblem(await api.app.inject({ method: 'GET', url, headers }), 401, 'sessionRequired');
  const { browser } = await signedIn({ tenant: api.other });
  const both = { ...headers, cookie: browser.cookie! };
  expectProblem(
    await api.app.inject({ method: 'GET', url: `/v1/tenants/${api.otherSlug}`, headers: both }),
    404,
  );
});

async function apiRows(sql: string) {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: process.env.TEST_ADMIN_DATABASE_URL });
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}
