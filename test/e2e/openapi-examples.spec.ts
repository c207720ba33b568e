import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiUnderTest } from './api-under-test.js';
import { OpenApiUnderTest, type DescribedRoute } from './openapi-under-test.js';
import { Browser, People } from './people-under-test.js';
import { ServingUnderTest } from './serving-under-test.js';

/** What a good request may be answered with: done, elsewhere, or a thing of that name is not there, or not in that state. */
const ANSWERS = [200, 201, 202, 204, 302, 404, 409, 410];
/** The examples' password is nobody's, no provider is set up here, and a visit needs a tenant of that name. */
const ALSO: Readonly<Record<string, readonly number[]>> = {
  'POST /v1/session': [401],
  'PUT /v1/session/password': [401, 403],
  // For people alone; test/e2e/api-events.spec.ts opens it.
  'GET /v1/tenants/{tenant}/events': [401],
  'GET /v1/session/oidc': [404],
  'GET /v1/session/oidc/callback': [401, 404],
};
/** Would end what the others are asked with. */
const LAST = ['DELETE /v1/session', 'POST /v1/tenants/{tenant}/erasures'];
/** A row as the mapping of the example wants it. */
const CSV = `InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
536365,85123A,HANGING HEART,6,12/1/2010 8:26,2.55,17850,United Kingdom
`;

interface Program {
  readonly app: NestFastifyApplication;
  readonly known: Readonly<Record<string, string>>;
  readonly headersFor: (route: DescribedRoute) => Record<string, string>;
}

let serving: ServingUnderTest;
let api: ApiUnderTest;
let people: People;
const programs: Record<string, Program> = {};

beforeAll(async () => {
  serving = await ServingUnderTest.start();
  await serving.addKey('shop', 'all', ['read', 'feedback']);
  programs.serving = {
    app: serving.app,
    known: { tenant: serving.shop },
    headersFor: ({ path }) => keyHeader(path, serving.keys.all),
  };
  api = await ApiUnderTest.start();
  people = new People();
  const { email } = await people.add({ isOperator: true });
  const browser = new Browser(api);
  await browser.signIn(email);
  const session = { cookie: browser.cookie!, 'x-csrf-token': browser.csrfToken! };
  programs.api = {
    app: api.app,
    known: { tenant: api.ownSlug },
    headersFor: ({ path }) => (/^\/(v1\/tenants|api)\//.test(path) ? keyHeader(path, api.ownToken) : session),
  };
});

afterAll(async () => {
  await people?.close();
  await api?.stop();
  await serving?.stop();
});

const described = async ({ app }: Program) =>
  new OpenApiUnderTest((await app.inject('/docs/openapi.json')).json());

describe.each(['serving', 'api'])('the description of %s', (name) => {
  test('gives no example that its own schema refuses', async () => {
    const openApi = await described(programs[name]);
    expect(openApi.examples.length).toBeGreaterThan(20);
    const wrong = openApi.examples.flatMap(({ at, schema, value }) =>
      openApi.faultsAgainst(schema, value).map((fault) => `${at}: ${fault}`),
    );
    expect(wrong).toEqual([]);
  });

  test('shows requests that work as they stand, and answers as they are', async () => {
    const { app, known, headersFor } = programs[name];
    const openApi = await described(programs[name]);
    const routes = [...openApi.routes].sort((a, b) => order(a) - order(b));
    const wrong: string[] = [];
    for (const route of routes) {
      const { url, payload, contentType, headers: own } = openApi.requestOf(route, known);
      const isFile = contentType !== undefined && !contentType.includes('json');
      const answer = await app.inject({
        method: route.method as 'GET',
        url,
        headers: {
          ...own,
          ...headersFor(route),
          ...(contentType === undefined ? {} : { 'content-type': contentType }),
        },
        ...(payload === undefined && !isFile ? {} : { payload: isFile ? CSV : JSON.stringify(payload) }),
      });
      const { statusCode, body } = answer;
      if (![...ANSWERS, ...(ALSO[route.route] ?? [])].includes(statusCode))
        wrong.push(`${route.route} (${url}, ${JSON.stringify(payload)}): ${statusCode} ${body}`);
      const faults = openApi.faultsOf(route, statusCode, body);
      wrong.push(...faults.map((fault) => `${route.route} ${statusCode}: ${fault}`));
    }
    expect(wrong).toEqual([]);
    expect(routes.length).toBe(openApi.routes.length);
  });
});

function keyHeader(path: string, key: string): Record<string, string> {
  return path.startsWith('/api/') ? { 'x-api-key': key } : { authorization: `Bearer ${key}` };
}

function order({ route }: DescribedRoute): number {
  return LAST.includes(route) ? 1 : 0;
}
