import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';
import { ApiUnderTest, expectProblem } from './api-under-test.js';
import { Browser, People, type Person } from './people-under-test.js';

// A real provider of OpenID Connect on this machine; this spec is the browser between it and the console.

const PUBLIC_URL = 'http://127.0.0.1:65001';

let api: ApiUnderTest;
let people: People;
let server: Server;
let issuer: string;
/** Whom the provider signs in next. */
let user: { subject: string; email: string; emailVerified: boolean };

beforeAll(async () => {
  server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'nightshift',
        client_secret: 'a secret of the two',
        redirect_uris: [`${PUBLIC_URL}/v1/session/oidc/callback`],
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    findAccount: (_, subject) => ({
      accountId: subject,
      claims: () => ({ sub: subject, email: user.email, email_verified: user.emailVerified }),
    }),
    // The provider's own page of sign-in and consent, answered without a person.
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  });
  const callback = provider.callback();
  server.on('request', (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return void callback(request, response);
    void (async () => {
      const details = await provider.interactionDetails(request, response);
      const grant = new provider.Grant({ accountId: user.subject, clientId: 'nightshift' });
      grant.addOIDCScope('openid email profile');
      const result = { login: { accountId: user.subject }, consent: { grantId: await grant.save() } };
      expect(details.params.code_challenge_method).toBe('S256');
      await provider.interactionFinished(request, response, result);
    })();
  });
  Object.assign(process.env, {
    OIDC_ISSUER: issuer,
    OIDC_CLIENT_ID: 'nightshift',
    OIDC_CLIENT_SECRET: 'a secret of the two',
    PUBLIC_URL,
  });
  api = await ApiUnderTest.start();
  people = new People();
}, 120_000);

afterAll(async () => {
  for (const name of ['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET', 'PUBLIC_URL'])
    delete process.env[name];
  await people?.close();
  await api?.stop();
  await new Promise((resolve) => server?.close(resolve));
});

/** Follows the redirects at the provider until it sends the browser back. @returns the path at which it comes back */
async function throughProvider(location: string): Promise<string> {
  const jar = new Map<string, string>();
  for (let url = location; ;) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, { redirect: 'manual', headers: { cookie } });
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) as RegExpExecArray;
      jar.set(name, value);
    }
    const next = answer.headers.get('location');
    if (next === null) throw new Error(`The provider answered ${answer.status}: ${await answer.text()}`);
    url = new URL(next, url).href;
    if (url.startsWith(PUBLIC_URL)) return url.slice(PUBLIC_URL.length);
  }
}

interface Journey {
  readonly browser: Browser;
  readonly location: string;
}

async function signInElsewhere(returnTo = '/customers'): Promise<Journey> {
  const start = await api.app.inject(`/v1/session/oidc?returnTo=${encodeURIComponent(returnTo)}`);
  expect(start.statusCode).toBe(302);
  const back = await throughProvider(start.headers.location as string);
  return comeBack(back, start.cookies[0]?.value);
}

async function comeBack(url: string, underWay: string | undefined): Promise<Journey> {
  const headers = underWay === undefined ? {} : { cookie: `ns_sign_in=${underWay}` };
  const answer = await api.app.inject({ method: 'GET', url, headers });
  expect(answer.statusCode).toBe(302);
  const browser = new Browser(api);
  const cookie = answer.cookies.find(({ name }) => name === 'ns_session');
  if (cookie !== undefined) browser.cookie = `ns_session=${cookie.value}`;
  return { browser, location: answer.headers.location as string };
}

function vouchFor(person: Person, changes: Partial<typeof user> = {}): void {
  user = { subject: `s-${person.accountId}`, email: person.email, emailVerified: true, ...changes };
}

test('is offered beside the password', async () => {
  const { providers } = (await api.app.inject('/v1/session/providers')).json();
  expect(providers).toEqual([{ name: 'single sign-on', startUrl: '/v1/session/oidc' }]);
});

test('signs in whom the provider vouches for, and knows the person again under another address', async () => {
  const person = await people.add({ tenant: api.own });
  vouchFor(person);
  const first = await signInElsewhere();
  expect(first.location).toBe('/customers');
  const session = (await first.browser.ask('GET', '/v1/session')).json();
  expect(session).toMatchObject({ account: { email: person.email }, memberships: [{ tenant: api.ownSlug }] });
  vouchFor(person, { email: 'married@people.example' });
  const second = await signInElsewhere();
  expect((await second.browser.ask('GET', '/v1/session')).json().account.accountId).toBe(person.accountId);
});

test('shuts out whoever had made themselves an account under that address', async () => {
  const person = await people.add({ tenant: api.other });
  const squatter = new Browser(api);
  expect((await squatter.signIn(person.email)).statusCode).toBe(200);
  vouchFor(person);
  const owner = await signInElsewhere();
  expect((await owner.browser.ask('GET', '/v1/session')).statusCode).toBe(200);
  expectProblem(await squatter.ask('GET', '/v1/session'), 401, 'sessionRequired');
  expectProblem(await new Browser(api).signIn(person.email), 401, 'wrongCredentials');
});

test('lets nobody in who has no account, or whose address the provider has not verified', async () => {
  user = { subject: 'stranger', email: 'stranger@people.example', emailVerified: true };
  const stranger = await signInElsewhere();
  vouchFor(await people.add({ tenant: api.own }), { emailVerified: false });
  const unverified = await signInElsewhere();
  for (const { browser, location } of [stranger, unverified]) {
    expect(location).toBe('/sign-in?problem=noAccount');
    expectProblem(await browser.ask('GET', '/v1/session'), 401);
  }
});

test('an answer that this browser has not asked for signs nobody in', async () => {
  vouchFor(await people.add({ tenant: api.own }));
  const start = await api.app.inject('/v1/session/oidc');
  const back = await throughProvider(start.headers.location as string);
  const other = await api.app.inject('/v1/session/oidc');
  expect((await comeBack(back, undefined)).location).toBe('/sign-in?problem=signInExpired');
  expect((await comeBack(back, 'bm9uc2Vuc2U')).location).toBe('/sign-in?problem=signInExpired');
  expect((await comeBack(back, other.cookies[0].value)).location).toBe('/sign-in?problem=signInRefused');
  const right = await comeBack(back, start.cookies[0].value);
  expect(right.location).toBe('/');
  expect((await comeBack(back, start.cookies[0].value)).location).toBe('/sign-in?problem=signInRefused'); // used
});

test.each(['https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)', '/a\\..\\b'])(
  'never comes back to %s',
  async (returnTo) => {
    vouchFor(await people.add({ tenant: api.own }));
    expect((await signInElsewhere(returnTo)).location).toBe('/');
  },
);
