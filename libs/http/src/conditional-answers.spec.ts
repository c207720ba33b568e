import Fastify, { type FastifyInstance } from 'fastify';
import { answerConditionally } from './conditional-answers.js';

let app: FastifyInstance;
let value = 1;

beforeAll(() => {
  app = Fastify();
  answerConditionally(app);
  app.get('/', async () => ({ value }));
  app.get('/missing', (_request, reply) => reply.code(404).send({ value }));
  app.post('/', async () => ({ value }));
});

afterAll(() => app.close());

const ask = (etag?: string, url = '/') =>
  app.inject({ url, headers: etag === undefined ? {} : { 'if-none-match': etag } });

test('whoever has it already gets 304 and no body, until it changes', async () => {
  value = 1;
  const first = await ask();
  const etag = String(first.headers.etag);
  expect(etag).toMatch(/^"[\w-]{27}"$/);
  expect(first.headers['cache-control']).toBe('private, no-cache');
  for (const given of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
    const again = await ask(given);
    expect([again.statusCode, again.body, again.headers.etag]).toEqual([304, '', etag]);
    expect(again.headers).not.toHaveProperty('content-type');
  }
  value = 2;
  expect(await ask(etag)).toMatchObject({ statusCode: 200, body: '{"value":2}' });
});

test.each(['"other"', 'nonsense', ''])('%j is not it', async (etag) => {
  expect((await ask(etag)).statusCode).toBe(200);
});

test('errors and changes have none', async () => {
  expect((await ask('*', '/missing')).statusCode).toBe(404);
  const changed = await app.inject({ method: 'POST', url: '/', headers: { 'if-none-match': '*' } });
  expect([changed.statusCode, changed.headers.etag]).toEqual([200, undefined]);
});
