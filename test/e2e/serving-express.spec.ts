import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually, ServingUnderTest } from './serving-under-test.js';

let serving: ServingUnderTest;
let port: number;

beforeAll(async () => {
  serving = await ServingUnderTest.start();
  await serving.app.listen(0, '127.0.0.1');
  port = (serving.app.getHttpServer().address() as AddressInfo).port;
});

afterAll(() => serving?.stop());

interface Answer {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly body: Record<string, unknown>;
  readonly bytes: number;
}

function answerFrom(status: number, headers: Answer['headers'], text: string): Answer {
  return { status, headers, body: JSON.parse(text), bytes: Buffer.byteLength(text) };
}

/** Over a socket, where the short way lies in front of the framework. */
function overSocket(path: string, headers: Record<string, string>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = httpRequest({ port, host: '127.0.0.1', path, headers, agent: false }, async (response) => {
      const text = (await response.toArray()).join('');
      resolve(answerFrom(response.statusCode ?? 0, response.headers, text));
    });
    call.on('error', reject).end();
  });
}

/** Past the socket: the framework's way alone. */
async function throughFramework(path: string, headers: Record<string, string>): Promise<Answer> {
  const answer = await serving.app.inject({ method: 'GET', url: path, headers });
  return answerFrom(answer.statusCode, answer.headers, answer.body);
}

const as = (key: string) => ({
  authorization: `Bearer ${serving.keys[key]}`,
  'x-request-id': 'same-for-both',
});
const lookUp = (rest: string) => `/v1/tenants/${serving.shop}/recommendations/${rest}`;
const PER_ANSWER = ['recommendationId', 'servedAt'];
// The second of two requests has one less left.
const PER_CONNECTION = ['date', 'connection', 'keep-alive', 'content-length', 'ratelimit'];

const without = (object: Record<string, unknown>, names: readonly string[]) =>
  Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
const comparable = ({ status, headers, body }: Answer) => ({
  status,
  headers: without(headers, PER_CONNECTION),
  body: without(body, PER_ANSWER),
});

describe.each(['for the first time', 'again'])('the short way answers as the ordinary one, %s', () => {
  test.each([
    'anna',
    'anna?count=3',
    'anna?count=100',
    'zoe?count=2',
    'nils?count=2',
    'nils?count=2&country=Norway',
    'a%2Fb?count=1',
    'anna?count=0',
    'anna?count=101',
    'anna?count=3&count=4',
    'anna?colour=red',
    '%F0%9F%9B%92%20basket?count=2',
  ])('%s', async (rest) => {
    const short = await overSocket(lookUp(rest), as('reader'));
    expect(comparable(short)).toEqual(comparable(await throughFramework(lookUp(rest), as('reader'))));
  });

  test.each(['reporter', 'rival', 'expired', 'revoked', 'nobody'])('with the key of the %s', async (key) => {
    const short = await overSocket(lookUp('anna'), as(key));
    expect([401, 403, 404]).toContain(short.status);
    expect(comparable(short)).toEqual(comparable(await throughFramework(lookUp('anna'), as(key))));
  });
});

test('every answer has an id and a moment of its own, and the length that it says', async () => {
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => overSocket(lookUp('anna'), as('reader'))),
  );
  expect(new Set(answers.map(({ body }) => body.recommendationId)).size).toBe(20);
  for (const { headers, body, bytes } of answers) {
    expect(Number(headers['content-length'])).toBe(bytes);
    expect(Math.abs(Date.parse(String(body.servedAt)) - Date.now())).toBeLessThan(60_000);
  }
});

test('answers are counted as those of the ordinary way', async () => {
  const count = async () => {
    const text = (await serving.app.inject('/metrics')).body;
    const found = (pattern: RegExp) => Number(pattern.exec(text)?.[1] ?? 0);
    return [
      found(/nightshift_serving_answers_total\{status="ok",reason="",[^}]*\} (\d+)/),
      found(
        /nightshift_http_request_seconds_count\{method="GET",route="[^"]*:customerId",status="200",[^}]*\} (\d+)/,
      ),
    ];
  };
  const before = await count();
  for (let i = 0; i < 3; i++) await overSocket(lookUp('anna?count=4'), as('reader'));
  await throughFramework(lookUp('anna?count=4'), as('reader'));
  expect(await count()).toEqual(before.map((value) => value + 4));
});

test('a moved pointer, a change of state and the end of a key show in answers that were given before', async () => {
  const ask = () => overSocket(lookUp('anna'), as('leaver'));
  await serving.addKey('shop', 'leaver', ['read']);
  await eventually(async () => (await ask()).status === 200);
  await serving.pointAt('shop', 2, await serving.writeLists('shop', 2));
  await eventually(async () => (await ask()).body.modelVersion === 2);
  const { body } = await ask();
  expect((body.items as { productId: string }[]).every(({ productId }) => productId.startsWith('v2-'))).toBe(
    true,
  );
  await serving.setState('shop', 'off');
  await eventually(async () => (await ask()).body.statusReason === 'off');
  await serving.setState('shop', 'on');
  await eventually(async () => (await ask()).body.status === 'ok');
  await serving.asTenant('shop', 'UPDATE api_key SET revoked_at = now() WHERE name = $1', ['leaver']);
  await eventually(async () => (await ask()).status === 401);
});

test('a key stops at the moment at which it expires', async () => {
  await serving.addKey('shop', 'brief', ['read'], { expires: new Date(Date.now() + 1_500) });
  await eventually(async () => (await overSocket(lookUp('anna'), as('brief'))).status === 200);
  await eventually(async () => (await overSocket(lookUp('anna'), as('brief'))).status === 401);
});
