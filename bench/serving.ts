// What an answer of the data plane costs, against bare Fastify sending the same bytes. npm run bench:serving; one JSON object
// as its last line. CPU is that of the server's process alone; both servers take turns within each round.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Rule } from '#libs/domain';
import { median } from './peers/measure.ts';
import { say } from './peers/say.ts';
import { getRequest, pace, percentile, postRequest, saturate, type LoadResult } from './serving/load.ts';
import { LIVE_CUSTOMERS, putLiveParts } from './serving/live-parts.ts';
import { customerIds, PRODUCTS, ServingPlatform } from './serving/serving-platform.ts';

const { values: options } = parseArgs({
  options: {
    /** Only rows whose name has this in it. */
    only: { type: 'string', default: '' },
    rounds: { type: 'string', default: '21' },
    requests: { type: 'string', default: '10000' },
    /** A folder for a CPU profile of the node. */
    profile: { type: 'string' },
  },
});
const ROUNDS = Number(options.rounds);
const REQUESTS = Number(options.requests);
const CONNECTIONS = 32;
const WARM_UP_ROUNDS = 3;
const CUSTOMERS = 20_000;
/** Rows of a batch of feedback. */
const BATCH = 100;
/** A moved pointer is noticed within POLL_MS, a second. */
const NOTICED_MS = 1_500;
const TENANT = 'bench';
/** A look-up may cost 1.3 times of what Fastify needs; for the others the figure is the result. */
const LOOK_UP_BAR = 1 / 1.3;
const LOOK_UP_P99_MS = 5;
const LATENCY_SECONDS = 1.5;
const LATENCY_WINDOWS = 7;
const SHARES = [0.5, 0.95, 0.99];
/** With all of this in the way of a look-up. */
const RULED_TENANT = 'bench-ruled';
const RULES: readonly Rule[] = [
  { ruleId: 'gone', kind: 'exclude', products: { productIds: ['V1-P000097', 'V1-P000194', 'V1-P000291'] } },
  {
    ruleId: 'north-only',
    kind: 'eligible',
    products: { productIds: Array.from({ length: 500 }, (_, p) => `V1-P${String(7 * p).padStart(6, '0')}`) },
    customers: { traits: { region: ['north'] } },
  },
  { ruleId: 'raised', kind: 'boost', products: { productIds: ['V1-P000388', 'V1-P000485'] }, factor: 1.5 },
  { ruleId: 'third', kind: 'pin', productId: 'V1-P009999', position: 3 },
];
const LIVE_TENANT = 'bench-live';
const FACTORS = 64;
const BASKET = 5;
const LIVE_P99_MS = 10;

interface Server {
  readonly port: number;
  cpuMicros(): Promise<number>;
}

interface Row {
  readonly name: string;
  readonly ours: number;
  readonly peer: number;
  readonly peerVersion: string;
  readonly unit: string;
  readonly ratio: number;
  readonly bar: number | null;
  readonly ok: boolean;
  readonly perSecond: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly p99Bar: number | null;
}

class BareFastify implements Server {
  readonly port: number;
  private readonly child: ChildProcess;

  private constructor(port: number, child: ChildProcess) {
    this.port = port;
    this.child = child;
  }

  static async start(): Promise<BareFastify> {
    const child = fork(path.join(import.meta.dirname, 'serving/bare-fastify.mjs'));
    const [{ port }] = (await once(child, 'message')) as [{ port: number }];
    return new BareFastify(port, child);
  }

  async answerWith(answer: { body: string; headers: Record<string, string> }): Promise<void> {
    this.child.send(answer);
    await once(this.child, 'message');
  }

  async cpuMicros(): Promise<number> {
    this.child.send('cpu');
    const [micros] = (await once(this.child, 'message')) as [number];
    return micros;
  }

  close(): void {
    this.child.disconnect();
  }
}

interface Workload {
  readonly name: string;
  readonly requests: (round: number) => readonly Buffer[];
  readonly bar: number | null;
  /** Milliseconds at half of the saturating load. */
  readonly p99Bar: number | null;
  /** Requests of a round, as a share of those of a look-up. */
  readonly share?: number;
  /** Ahead of each round of ours. */
  readonly prepare?: () => Promise<void>;
}

const platform = await ServingPlatform.start();
const node = await platform.addNode();
const peer = await BareFastify.start();
const peerVersion = `fastify ${(await import('fastify/package.json', { with: { type: 'json' } })).default.version}`;
try {
  const tenantId = await platform.addTenant(TENANT);
  const key = await platform.addKey(tenantId, ['read', 'feedback']);
  const listFile = await platform.publish(tenantId, TENANT, 1, CUSTOMERS);
  await platform.pointAt(tenantId, 1, listFile);
  const ruled = await addRuledTenant();
  const live = await addLiveTenant();
  await node.run(options.profile !== undefined ? ['--cpu-prof', `--cpu-prof-dir=${options.profile}`] : []);
  const rows: Row[] = [];
  for (const workload of workloads(tenantId, key, listFile, ruled, live))
    if (workload.name.includes(options.only)) rows.push(await compare(workload));
  const result = {
    bench: 'serving',
    date: new Date().toISOString(),
    node: process.version,
    cpus: cpus().length,
    rows,
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
  process.exitCode = rows.every(({ ok }) => ok) ? 0 : 1;
} finally {
  peer.close();
  await platform.close();
}

async function addRuledTenant(): Promise<string> {
  const tenantId = await platform.addTenant(RULED_TENANT);
  await platform.pointAt(tenantId, 1, await platform.publish(tenantId, RULED_TENANT, 1, CUSTOMERS));
  await platform.setRules(tenantId, RULES);
  return platform.addKey(tenantId, ['read']);
}

async function addLiveTenant(): Promise<string> {
  const tenantId = await platform.addTenant(LIVE_TENANT);
  say(`fitting a model of ${FACTORS} factors over ${PRODUCTS} products`);
  const listFile = await platform.publish(tenantId, LIVE_TENANT, 1, CUSTOMERS, (writer) =>
    putLiveParts(writer, customerIds(CUSTOMERS), PRODUCTS, FACTORS),
  );
  await platform.pointAt(tenantId, 1, listFile);
  return platform.addKey(tenantId, ['read']);
}

function workloads(
  tenantId: number,
  key: string,
  listFile: string,
  ruledKey: string,
  liveKey: string,
): Workload[] {
  const ids = customerIds(CUSTOMERS);
  const lookUps = ids.map((_, i) =>
    getRequest(`/v1/tenants/${TENANT}/recommendations/${ids[(i * 7919) % CUSTOMERS]}?count=10`, key),
  );
  const afresh = async () => {
    await platform.pointAt(tenantId, 1, listFile);
    await sleep(NOTICED_MS);
  };
  return [
    { name: 'look-up of 10', requests: () => lookUps, bar: LOOK_UP_BAR, p99Bar: LOOK_UP_P99_MS },
    {
      name: 'look-up of 10, each customer for the first time since a publication',
      requests: () => lookUps,
      bar: null,
      p99Bar: null,
      prepare: afresh,
    },
    {
      name: 'look-up of 10 with rules',
      requests: () =>
        ids.map((_, i) =>
          getRequest(
            `/v1/tenants/${RULED_TENANT}/recommendations/${ids[(i * 7919) % CUSTOMERS]}?count=10`,
            ruledKey,
          ),
        ),
      bar: null,
      p99Bar: LOOK_UP_P99_MS,
    },
    {
      name: `real-time with a basket of ${BASKET} (${PRODUCTS} products, ${FACTORS} factors)`,
      requests: () => liveRequests(liveKey, ids),
      bar: null,
      p99Bar: LIVE_P99_MS,
      share: 1 / 40,
    },
    {
      name: `feedback batch of ${BATCH}`,
      requests: (round) => feedbackRequests(key, ids, round),
      bar: null,
      p99Bar: null,
      share: 1 / 40,
    },
  ];
}

/** Known customers, each with another basket. */
function liveRequests(key: string, ids: readonly string[]): Buffer[] {
  return Array.from({ length: 1_000 }, (_, i) =>
    postRequest(`/v1/tenants/${LIVE_TENANT}/recommendations`, key, {
      customerId: ids[(i * 7) % LIVE_CUSTOMERS],
      count: 10,
      context: {
        basket: Array.from(
          { length: BASKET },
          (_, b) => `V1-P${String((i * 131 + b * 1_009) % PRODUCTS).padStart(6, '0')}`,
        ),
      },
    }),
  );
}

/** Events that were never sent before. */
function feedbackRequests(key: string, ids: readonly string[], round: number): Buffer[] {
  return Array.from({ length: Math.round(REQUESTS / 40) * (round > ROUNDS ? 6 : 1) }, (_, request) =>
    postRequest(`/v1/tenants/${TENANT}/outcomes`, key, {
      events: Array.from({ length: BATCH }, (_, row) => ({
        eventId: `${round}-${request}-${row}`,
        recommendationId: '019aa6e0-0000-7000-8000-000000000000',
        customerId: ids[(request * BATCH + row) % CUSTOMERS],
        productId: `V1-P${String(row).padStart(6, '0')}`,
        kind: row % 3 === 0 ? 'bought' : 'shown',
        position: row + 1,
        occurredAt: '2026-11-20T10:00:00Z',
      })),
    }),
  );
}

async function compare(workload: Workload): Promise<Row> {
  const count = Math.round(REQUESTS * (workload.share ?? 1));
  const [sample] = workload.requests(-WARM_UP_ROUNDS);
  await peer.answerWith(await answerOf(sample, node.port));
  const times: Record<'ours' | 'peer', number[]> = { ours: [], peer: [] };
  const rates: number[] = [];
  for (let round = 1 - WARM_UP_ROUNDS; round <= ROUNDS; round++) {
    const sides = [['ours', node] as const, ['peer', peer] as const];
    for (const [side, server] of round % 2 === 0 ? sides : sides.toReversed()) {
      if (side === 'ours') await workload.prepare?.();
      const { micros, load } = await cost(server, workload.requests(round), count);
      if (round <= 0) continue;
      times[side].push(micros);
      if (side === 'ours') rates.push(load.requests / load.seconds);
    }
  }
  const [ours, theirs] = [median(times.ours), median(times.peer)];
  say(
    `${workload.name}: ${ours.toFixed(1)} µs (${spread(times.ours)}), Fastify ${theirs.toFixed(1)} µs (${spread(times.peer)})`,
  );
  const latencies = await latenciesAt(median(rates) / 2, workload);
  // Neighbours on the machine come and go: the two sides of one round have had the same ones.
  const ratio = median(times.ours.map((own, index) => times.peer[index] / own));
  const [p50, p95, p99] = SHARES.map((_, index) => round(median(latencies.map((window) => window[index]))));
  return {
    name: workload.name,
    ours: round(ours),
    peer: round(theirs),
    peerVersion,
    unit: 'µs CPU per request',
    ratio: round(ratio),
    bar: workload.bar === null ? null : round(workload.bar),
    ok: ratio >= (workload.bar ?? 0) && p99 <= (workload.p99Bar ?? Infinity),
    perSecond: Math.round(median(rates)),
    ...{ p50, p95, p99 },
    p99Bar: workload.p99Bar,
  };
}

/** The percentiles of each of several short windows: one in which a neighbour took the machine says nothing of this program. */
async function latenciesAt(perSecond: number, workload: Workload): Promise<number[][]> {
  const windows: number[][] = [];
  for (let window = 0; window < LATENCY_WINDOWS; window++) {
    const requests = workload.requests(ROUNDS + 1 + window);
    const target = { port: node.port, requests, connections: CONNECTIONS };
    const { latencies } = await pace(target, perSecond, LATENCY_SECONDS);
    windows.push(SHARES.map((share) => percentile(latencies, share)));
  }
  say(
    `${workload.name}: p99 ${windows.map(([, , p99]) => p99.toFixed(1)).join(' ')} ms at ${Math.round(perSecond)}/s`,
  );
  return windows;
}

async function cost(
  server: Server,
  requests: readonly Buffer[],
  count: number,
): Promise<{ micros: number; load: LoadResult }> {
  const before = await server.cpuMicros();
  const load = await saturate({ port: server.port, requests, connections: CONNECTIONS }, count);
  return { micros: ((await server.cpuMicros()) - before) / count, load };
}

/** What the node answers to this request: what the peer is to send. */
async function answerOf(request: Buffer, port: number) {
  const text = request.toString();
  const end = text.indexOf('\r\n\r\n');
  const [line, ...lines] = text.slice(0, end).split('\r\n');
  const [method, url] = line.split(' ');
  const headers = Object.fromEntries(lines.map((header) => header.split(': ') as [string, string]));
  delete headers['Content-Length'];
  const body = method === 'GET' ? undefined : text.slice(end + 4);
  const answer = await fetch(`http://127.0.0.1:${port}${url}`, { method, headers, body });
  if (!answer.ok) throw new Error(`${line}: ${answer.status} ${await answer.text()}`);
  const sent = Object.fromEntries(answer.headers);
  // Fastify adds these by itself.
  for (const name of ['connection', 'date', 'keep-alive', 'content-length', 'transfer-encoding'])
    delete sent[name];
  return {
    body: await answer.text(),
    headers: sent,
  };
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}

function spread(values: readonly number[]): string {
  return values.map((value) => value.toFixed(1)).join(' ');
}
