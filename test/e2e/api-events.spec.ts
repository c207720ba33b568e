import { setTimeout as sleep } from 'node:timers/promises';
import type { AddressInfo } from 'node:net';
import type { Tenant } from '#libs/domain';
import { EventStreams } from '../../apps/api/src/events/event-streams.js';
import { ApiUnderTest, expectProblem } from './api-under-test.js';
import { Browser, People, type Person } from './people-under-test.js';

let api: ApiUnderTest;
let address: string;
const people = new People();
const open: Stream[] = [];

beforeAll(async () => {
  api = await ApiUnderTest.start();
  await api.app.listen(0, '127.0.0.1');
  address = `http://127.0.0.1:${(api.app.getHttpServer().address() as AddressInfo).port}`;
});

afterEach(() => {
  for (const stream of open.splice(0)) stream.close();
});

afterAll(async () => {
  await people.close();
  await api?.stop();
});

/** A stream as a browser has it. */
class Stream {
  text = '';
  isEnded = false;
  private readonly abort = new AbortController();
  response!: Response;

  static async of(cookie: string, tenant: string): Promise<Stream> {
    const stream = new Stream();
    open.push(stream);
    const { signal } = stream.abort;
    stream.response = await fetch(`${address}/v1/tenants/${tenant}/events`, { headers: { cookie }, signal });
    void stream.read();
    return stream;
  }

  topics(): string[] {
    return [...this.text.matchAll(/"topic":"(\w+)"/g)].map(([, topic]) => topic);
  }

  async until(what: () => boolean, withinMs = 20_000): Promise<void> {
    for (const end = Date.now() + withinMs; !what(); await sleep(20))
      if (Date.now() > end) throw new Error(`Waited in vain; heard: ${this.text}`);
  }

  close(): void {
    this.abort.abort();
  }

  private async read(): Promise<void> {
    try {
      const decoder = new TextDecoder();
      for await (const chunk of this.response.body!) this.text += decoder.decode(chunk as Uint8Array);
    } catch {
      // Closed by the test.
    }
    this.isEnded = true;
  }
}

async function signIn(person: Person): Promise<Browser> {
  const browser = new Browser(api);
  expect((await browser.signIn(person.email)).statusCode).toBe(200);
  return browser;
}

/** Listening: whatever comes now is heard. */
async function watch(tenant: Tenant): Promise<{ stream: Stream; browser: Browser; person: Person }> {
  const person = await people.add({ tenant, role: 'analyst' });
  const browser = await signIn(person);
  const stream = await Stream.of(browser.cookie!, tenant.slug);
  await stream.until(() => stream.topics().includes('gap'));
  return { stream, browser, person };
}

async function freeze(token: string, tenant: string, state: string): Promise<void> {
  const payload = { state, reason: 'stocktaking' };
  expect((await api.ask('PUT', '/lifecycle', { token, tenant, payload })).statusCode).toBe(200);
}

test('says what has changed in its own tenant, at once, and nothing of another', async () => {
  const [own, other] = [await watch(api.own), await watch(api.other)];
  expect(own.stream.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(own.stream.response.headers.get('cache-control')).toBe('no-store, no-transform');
  expect(own.stream.response.headers.get('content-encoding')).toBeNull();
  await freeze(api.ownToken, api.ownSlug, 'frozen');
  await own.stream.until(() => own.stream.topics().includes('state'));
  await freeze(api.ownToken, api.ownSlug, 'on');
  await api.ask('POST', '/runs', { token: api.ownToken, payload: { reason: 'now' } });
  await api.ask('PUT', '/settings', {
    ...{ token: api.ownToken, headers: { 'if-match': '*' } },
    payload: { settings: { listLength: 42 }, reason: 'why not' },
  });
  await own.stream.until(() => ['run', 'settings'].every((topic) => own.stream.topics().includes(topic)));
  // What is told to one would have reached the other by now.
  await sleep(500);
  expect(new Set(other.stream.topics())).toEqual(new Set(['gap']));
  expect(own.stream.text).not.toMatch(/stocktaking|listLength|42/);
});

test('is for people of the tenant alone', async () => {
  const url = `/v1/tenants/${api.ownSlug}/events`;
  expectProblem(await api.app.inject({ url }), 401, 'keyRequired');
  expectProblem(await api.ask('GET', '/events', { token: api.ownToken }), 401, 'sessionRequired');
  const stranger = await signIn(await people.add({ tenant: api.other }));
  expectProblem(await stranger.ask('GET', url), 404, 'notFound');
  const gone = await signIn(await people.add({ tenant: api.own }));
  const { cookie } = gone;
  await gone.ask('DELETE', '/v1/session');
  expectProblem(await api.app.inject({ url, headers: { cookie: cookie! } }), 401, 'sessionRequired');
});

test('a person has eight at most, and a closed one makes room', async () => {
  const { browser } = await watch(api.own);
  const more = await Promise.all(Array.from({ length: 7 }, () => Stream.of(browser.cookie!, api.ownSlug)));
  expect(more.map(({ response }) => response.status)).toEqual(Array(7).fill(200));
  expect((await Stream.of(browser.cookie!, api.ownSlug)).response.status).toBe(429);
  more[0].close();
  await more[0].until(() => more[0].isEnded);
  await sleep(200);
  expect((await Stream.of(browser.cookie!, api.ownSlug)).response.status).toBe(200);
});

test('ends with the session, and with the role', async () => {
  api.app.get(EventStreams).heartbeatMs = 500;
  const [signedOut, removed] = [await watch(api.own), await watch(api.own)];
  await signedOut.browser.ask('DELETE', '/v1/session');
  const path = `/members/${removed.person.accountId}`;
  expect((await api.ask('DELETE', path, { token: api.ownToken })).statusCode).toBe(204);
  await signedOut.stream.until(() => signedOut.stream.isEnded);
  await removed.stream.until(() => removed.stream.isEnded);
}, 40_000);

// Last: the program is gone after it.
test('a shutdown does not wait for open streams', async () => {
  const { stream } = await watch(api.own);
  const startedAt = Date.now();
  await api.app.close();
  expect(Date.now() - startedAt).toBeLessThan(5_000);
  await stream.until(() => stream.isEnded);
});
