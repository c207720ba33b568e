import Fastify, { type FastifyInstance } from 'fastify';
import { limitBodiesUnderWay } from './limit-bodies.js';

let app: FastifyInstance;
let release: () => void;

beforeEach(async () => {
  app = Fastify();
  limitBodiesUnderWay(app, 100);
  const held = new Promise<void>((resolve) => (release = resolve));
  app.post('/hold', async () => {
    await held;
    return 'held';
  });
  app.post('/', async () => 'done');
  app.get('/', async () => 'read');
});

afterEach(() => app.close());

const post = (url: string, bytes: number) =>
  app.inject({ method: 'POST', url, payload: JSON.stringify('x'.repeat(bytes - 2)), headers: JSON_TYPE });
const JSON_TYPE = { 'content-type': 'application/json' };

test('what does not fit beside the others is refused until they are answered', async () => {
  const first = post('/hold', 60);
  const second = post('/hold', 40);
  await app.ready();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect((await post('/', 10)).statusCode).toBe(500); // a bare Fastify knows no problem details
  expect((await app.inject('/')).statusCode).toBe(200);
  release();
  await Promise.all([first, second]);
  expect((await post('/', 100)).statusCode).toBe(200);
});

test('one that is larger than all of the room goes alone, as far as the route takes it', async () => {
  expect((await post('/', 500)).statusCode).toBe(200);
});

test('a request that was broken off gives its room back', async () => {
  const address = await app.listen({ port: 0, host: '127.0.0.1' });
  const abort = new AbortController();
  const body = JSON.stringify('x'.repeat(90));
  const broken = fetch(`${address}/hold`, { method: 'POST', body, headers: JSON_TYPE, signal: abort.signal });
  // The server hears of the request, and of its end, a little later than we do. Asking until it has would take room itself.
  const gone = expect(broken).rejects.toThrow();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect((await fetch(address, { method: 'POST', body, headers: JSON_TYPE })).status).toBe(500);
  abort.abort();
  await gone;
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect((await fetch(address, { method: 'POST', body, headers: JSON_TYPE })).status).toBe(200);
  release();
});
