// What an answer of the data plane costs, against bare Fastify sending the same bytes. npm run bench:serving; one JSON object
// as its last line. CPU is that of the server's process alone; both servers take turns within each round.
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { median } from './peers/measure.ts';
import { say } from './peers/say.ts';
import { BareFastify, type Server } from './serving/bare-fastify.ts';
import { pace, percentile, saturate, type LoadResult } from './serving/load.ts';
import { ServingPlatform } from './serving/serving-platform.ts';
import { createWorkloads, type Workload } from './serving/workloads.ts';

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
const LATENCY_SECONDS = 1.5;
const LATENCY_WINDOWS = 7;
const SHARES = [0.5, 0.95, 0.99];

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

const platform = await ServingPlatform.start();
const node = await platform.addNode();
const peer = await BareFastify.start();
const peerVersion = `fastify ${(await import('fastify/package.json', { with: { type: 'json' } })).default.version}`;
try {
  const workloads = await createWorkloads(platform, { rounds: ROUNDS, requests: REQUESTS });
  await node.run(options.profile !== undefined ? ['--cpu-prof', `--cpu-prof-dir=${options.profile}`] : []);
  const rows: Row[] = [];
  for (const workload of workloads)
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
  for (let window = -1; window < LATENCY_WINDOWS; window++) {
    const requests = workload.requests(ROUNDS + 2 + window);
    const target = { port: node.port, requests, connections: CONNECTIONS };
    const { latencies } = await pace(target, perSecond, LATENCY_SECONDS);
    // The first one compiles the open loop of the load itself.
    if (window < 0) continue;
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
