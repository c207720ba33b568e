import net from 'node:net';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { bearer, credentials, type Question } from './ask.ts';
import { jsonHeaders } from './fill-operation.ts';
import type { Ledger } from './ledger.ts';
import { flooder, measureSlowing, type Flood, type Slowing } from './slowing.ts';
import type { Trial } from './trial-tenant.ts';

type Program = 'api' | 'serving';
type NamedFlood = readonly [string, Program, (i: number) => Question];

/** A at full speed with whatever costs most; B asks as always. */
export async function attackByLoad(
  addresses: Readonly<Record<Program, string>>,
  trial: Trial,
  ledger: Ledger,
): Promise<Slowing[]> {
  const { a, b } = trial;
  const get = (path: string, key: string): Question => ({ method: 'GET', path, headers: bearer(key) });
  const grounds = {
    serving: {
      address: addresses.serving,
      ofB: get(`/v1/tenants/${b.slug}/recommendations/shared-customer`, b.keys.read),
      ordinary: () => computed(trial),
    },
    api: {
      address: addresses.api,
      ofB: get(`/v1/tenants/${b.slug}/runs`, b.keys.data),
      ordinary: () => get(`/v1/tenants/${a.slug}/runs`, a.keys.data),
    },
  };
  const slowings: Slowing[] = [];
  const measure = async (flood: string, program: Program, attack: Flood) => {
    const slowing = await measureSlowing({ flood, program }, grounds[program], attack);
    slowings.push(slowing);
    ledger.judged('load', `${program}: ${flood}`, findingsOf(slowing));
  };
  for (const [flood, program, question] of floods(trial))
    await measure(flood, program, flooder(addresses[program], question));
  for (const program of ['api', 'serving'] as const)
    await measure('three hundred requests that never end', program, (until) =>
      openSlowly(addresses[program], a.slug, a.keys.all, until),
    );
  return slowings;
}

export function findingsOf({
  quietP95Ms,
  ordinaryP95Ms,
  floodedP95Ms,
  isSlowed,
  refusals,
}: Slowing): string[] {
  const slowed = `slows B to ${floodedP95Ms} ms, beside ordinary requests ${ordinaryP95Ms}, alone ${quietP95Ms}`;
  const refused = `B was refused ${refusals} times`;
  return [...(isSlowed ? [slowed] : []), ...(refusals > 0 ? [refused] : [])];
}

const post = (path: string, key: string, body: string): Question => ({
  method: 'POST',
  path,
  headers: jsonHeaders(key),
  body,
});

function computed({ a }: Trial): Question {
  const context = { basket: a.ids.productId, viewed: a.ids.productId };
  const body = { customerId: 'shared-customer', count: 20, context };
  return post(`/v1/tenants/${a.slug}/recommendations`, a.keys.read, JSON.stringify(body));
}

function floods({ a, b }: Trial): NamedFlood[] {
  const at = `/v1/tenants/${a.slug}`;
  const get = (path: string, key = a.keys.all): Question => ({ method: 'GET', path, headers: bearer(key) });
  const send = (path: string, body: string) => post(path, a.keys.all, body);
  const deep = `${'['.repeat(7_000)}${']'.repeat(7_000)}`;
  const evil = `${'a'.repeat(40_000)}!`;
  const many = Array.from({ length: 1_000 }, (_, i) => ({
    kind: 'clicked',
    customerId: `c${i}`,
    productId: 'p',
  }));
  const rules = Array.from({ length: 200 }, (_, i) => ({
    ruleId: `r${i}`,
    kind: 'boost',
    factor: 1.1,
    products: { categories: [`x${i}`] },
  }));
  const context = { basket: a.ids.productId, viewed: a.ids.productId, searched: [evil.slice(0, 190)] };
  const full = { customerId: 'shared-customer', count: 100, explain: true, diversity: 1, context };
  return [
    ['look-ups of its own', 'serving', () => get(`${at}/recommendations/shared-customer?count=100`)],
    ["B's address", 'serving', (i) => get(`/v1/tenants/${b.slug}/recommendations/c${i}`)],
    ['keys that have expired', 'serving', () => get(`${at}/recommendations/x`, a.keys.expired)],
    [
      'keys that nobody has',
      'serving',
      (i) => get(`${at}/recommendations/x`, `ns_live_${String(i).padStart(16, '0')}_${'A'.repeat(43)}`),
    ],
    [
      'computed answers with everything',
      'serving',
      () => send(`${at}/recommendations`, JSON.stringify(full)),
    ],
    [
      'a count beyond all counts',
      'serving',
      () => get(`${at}/recommendations/shared-customer?count=999999999`),
    ],
    [
      'batches of a thousand',
      'serving',
      (i) =>
        send(
          `${at}/outcomes`,
          JSON.stringify({
            events: many.map((event) => ({ ...event, customerId: `${event.customerId}-${i}` })),
          }),
        ),
    ],
    [
      'bodies beyond the limit',
      'serving',
      () => send(`${at}/outcomes`, `{"events":["${'x'.repeat(2_000_000)}"]}`),
    ],
    ['brackets', 'serving', () => send(`${at}/recommendations`, deep)],
    ['its own runs', 'api', () => get(`${at}/runs`)],
    ["B's address", 'api', () => get(`/v1/tenants/${b.slug}/runs`)],
    ['keys that have expired', 'api', () => get(`${at}/runs`, a.keys.expired)],
    ['a scope that it lacks', 'api', () => get(`${at}/keys`, a.keys.read)],
    ['texts that patterns stumble over', 'api', () => get(`${at}/kpis?from=${evil.slice(0, 8_000)}`)],
    ['brackets', 'api', () => send(`${at}/rules/preview`, `{"rules":${deep}}`)],
    [
      'previews of many rules',
      'api',
      () => send(`${at}/rules/preview`, JSON.stringify({ rules, sample: 100 })),
    ],
    [
      "a session's own page",
      'api',
      () => ({ method: 'GET', path: '/v1/session', headers: credentials(a.keys['session: analyst']) }),
    ],
    [
      'passwords to be hashed',
      'api',
      () => ({
        ...{ method: 'PUT', path: '/v1/session/password' },
        headers: jsonHeaders(a.keys['session: analyst']),
        body: '{"current":"nobody has this one","next":"nine louder lighthouses"}',
      }),
    ],
    ['keys without end', 'api', () => send(`${at}/keys`, '{"name":"one more","scopes":["read"]}')],
    [
      'mappings of many fields',
      'api',
      () => ({
        ...{ method: 'POST', path: `${at}/imports`, body: 'x\n1\n' },
        headers: {
          ...bearer(a.keys.all),
          'content-type': 'text/csv',
          'x-nightshift-mapping': Buffer.from(
            JSON.stringify({
              entity: 'products',
              fields: Object.fromEntries(
                rules.map(({ ruleId }) => [ruleId, { column: ruleId, trim: false }]),
              ),
            }),
          )
            .toString('base64url')
            .slice(0, 11_000),
        },
      }),
    ],
  ];
}

async function openSlowly(
  address: string,
  slug: string,
  key: string,
  until: number,
): Promise<{ sent: number; answers: Record<string, number> }> {
  const { hostname, port } = new URL(address);
  const sockets = Array.from({ length: 300 }, () =>
    net.connect(Number(port), hostname).on('error', () => undefined),
  );
  for (const [i, socket] of sockets.entries()) {
    const start = `POST /v1/tenants/${slug}/outcomes HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\n`;
    socket.write(i % 2 === 0 ? start : `${start}Content-Length: 100000\r\n\r\n{"events":[`);
  }
  await sleep(until - performance.now());
  for (const socket of sockets) socket.destroy();
  return { sent: sockets.length, answers: {} };
}
