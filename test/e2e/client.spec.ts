import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { NightshiftClient, NightshiftProblem, type ApiPaths, type ServingPaths } from '#libs/client';
import { ApiUnderTest } from './api-under-test.js';
import { ServingUnderTest } from './serving-under-test.js';

let serving: ServingUnderTest;
let api: ApiUnderTest;
let servingAddress: string;
let apiAddress: string;

beforeAll(async () => {
  serving = await ServingUnderTest.start();
  servingAddress = await listen(serving.app);
  api = await ApiUnderTest.start();
  apiAddress = await listen(api.app);
});

afterAll(async () => {
  await api?.stop();
  await serving?.stop();
});

async function listen(app: NestFastifyApplication): Promise<string> {
  await app.listen(0, '127.0.0.1');
  return `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
}

const servingClient = (key = 'reader', changes: object = {}) =>
  new NightshiftClient<ServingPaths>({
    address: servingAddress,
    tenant: serving.shop,
    key: serving.keys[key],
    ...changes,
  });

const apiClient = () =>
  new NightshiftClient<ApiPaths>({ address: apiAddress, tenant: api.ownSlug, key: api.ownToken });

describe('the descriptions in libs/client are those of the programs', () => {
  test.each(['serving', 'api'])('%s (npm run client:generate writes them anew)', async (name) => {
    const app = name === 'serving' ? serving.app : api.app;
    const written = JSON.parse(await readFile(`libs/client/openapi/${name}.json`, 'utf8'));
    expect((await app.inject('/docs/openapi.json')).json()).toEqual(written);
  });
});

describe('the data plane', () => {
  const path = '/v1/tenants/{tenant}/recommendations/{customerId}';

  test('answers with what its description says', async () => {
    const answer = await servingClient().get(path, { path: { customerId: 'anna' }, query: { count: 2 } });
    expect(answer).toMatchObject({ modelVersion: 1, status: 'ok', statusReason: null });
    // Typed: a misspelt field would not compile.
    expect(answer.items.map(({ productId }) => productId)).toEqual(['v1-p0', 'v1-p1']);
  });

  test.each(["O'Brien", 'a/b', '🛒 basket', '100%'])('finds the customer %j', async (customerId) => {
    expect((await servingClient().get(path, { path: { customerId } })).statusReason).toBeNull();
  });

  test('takes outcomes and names bad rows', async () => {
    const answer = await servingClient('reporter').post('/v1/tenants/{tenant}/outcomes', {
      body: {
        events: [
          { eventId: `client-${serving.shop}`, kind: 'bought', customerId: 'anna', productId: 'v1-p0' },
          { kind: 'bought', customerId: '', productId: 'v1-p0' },
        ],
      },
    });
    expect(answer).toMatchObject({
      accepted: 1,
      alreadyKnown: 0,
      rejected: [{ index: 1, field: 'customerId' }],
    });
  });

  test('refuses with a code, a request id and the fields that are wrong', async () => {
    const refused = servingClient().get(path, { path: { customerId: 'anna' }, query: { count: 101 } });
    const problem = await refused.catch((error: unknown) => error);
    expect(problem).toBeInstanceOf(NightshiftProblem);
    expect(problem).toMatchObject({
      ...{ status: 400, code: 'invalidFields', requestId: expect.any(String) },
      errors: [{ field: 'count' }],
    });
    await expect(servingClient('revoked').get(path, { path: { customerId: 'anna' } })).rejects.toMatchObject({
      code: 'keyRequired',
      retryAfterSeconds: undefined,
    });
  });
});

test('the control plane: keys are made, rotated and ended', async () => {
  const client = apiClient();
  const made = await client.post('/v1/tenants/{tenant}/keys', { body: { name: 'client', scopes: ['read'] } });
  const next = await client.post('/v1/tenants/{tenant}/keys/{keyId}/rotate', {
    path: { keyId: made.keyId },
    body: { overlapHours: 1 },
  });
  for (const { keyId } of [made, next])
    expect(await client.delete('/v1/tenants/{tenant}/keys/{keyId}', { path: { keyId } })).toBeUndefined();
  const { keys } = await client.get('/v1/tenants/{tenant}/keys');
  expect(keys.filter(({ name }) => name === 'client').every(({ revokedAt }) => revokedAt !== null)).toBe(
    true,
  );
});

describe('coming back later', () => {
  const answers = (...given: (() => Response)[]) => {
    let calls = 0;
    const fake = (async () => given[Math.min(calls++, given.length - 1)]()) as typeof fetch;
    return { fetch: fake, calls: () => calls };
  };
  const busy = (seconds: string) =>
    new Response(JSON.stringify({ status: 429, code: 'rateLimited', detail: 'd', instance: 'i' }), {
      status: 429,
      headers: { 'retry-after': seconds },
    });
  const path = '/v1/tenants/{tenant}/recommendations/{customerId}';
  const options = { path: { customerId: 'anna' } };

  test('after what the program says, and not for ever', async () => {
    const once = answers(
      () => busy('0'),
      () => Response.json({ status: 'ok' }),
    );
    const client = servingClient('reader', { fetch: once.fetch, retries: 1 });
    expect(await client.get(path, options)).toEqual({ status: 'ok' });
    const always = answers(() => busy('0'));
    const patient = servingClient('reader', { fetch: always.fetch, retries: 2 });
    await expect(patient.get(path, options)).rejects.toMatchObject({ code: 'rateLimited' });
    expect(always.calls()).toBe(3);
  });

  test('not when it is told to come back tomorrow, nor unless it was asked to', async () => {
    for (const [seconds, retries] of [
      ['86400', 5],
      ['0', 0],
    ] as const) {
      const fake = answers(() => busy(seconds));
      const client = servingClient('reader', { fetch: fake.fetch, retries });
      await expect(client.get(path, options)).rejects.toMatchObject({ retryAfterSeconds: Number(seconds) });
      expect(fake.calls()).toBe(1);
    }
  });

  test('what something in between has answered is a problem too', async () => {
    const fake = answers(() => new Response('<h1>Bad gateway</h1>', { status: 502 }));
    await expect(servingClient('reader', { fetch: fake.fetch }).get(path, options)).rejects.toMatchObject({
      ...{ status: 502, code: 'unknown' },
    });
  });
});
