import { closeSync, openSync, readSync, statSync } from 'node:fs';
import path from 'node:path';
import { Redis } from 'ioredis';
import { askOver } from './ask.ts';
import type { Canaries } from './canaries.ts';
import type { Ledger, Surface } from './ledger.ts';
import type { Trial } from './trial-tenant.ts';
import { filesBelow } from './witness.ts';

/** What was appended to log files since this was made. */
export class LogTail {
  private readonly starts: ReadonlyMap<string, number>;
  private readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
    this.starts = new Map(filesBelow(folder).map((file) => [file, statSync(file).size]));
  }

  read(fromTheBeginning = false): [string, string][] {
    return filesBelow(this.folder).map((file) => {
      const start = fromTheBeginning ? 0 : (this.starts.get(file) ?? 0);
      const bytes = Buffer.alloc(Math.max(0, statSync(file).size - start));
      const handle = openSync(file, 'r');
      readSync(handle, bytes, 0, bytes.length, start);
      closeSync(handle);
      return [path.basename(file), bytes.toString('utf8')];
    });
  }
}

/** Lines that programs wrote while A attacked; and secrets in any line at all. */
export function judgeLogs(tail: LogTail, trial: Trial, secrets: Canaries, ledger: Ledger): void {
  const known = [...trial.written, ...Object.values(trial.b.ids).flat(), trial.b.slug];
  for (const [name, text] of tail.read()) {
    const lines = text.split('\n').filter((line) => trial.canaries.findIn(line, known).length > 0);
    ledger.judged(
      'logs',
      `${name}: lines of A's requests`,
      lines.slice(0, 3).map((line) => `names B: ${line.slice(0, 300)}`),
    );
  }
  for (const [name, text] of tail.read(true)) {
    const found = secrets.findIn(text);
    ledger.judged(
      'logs',
      `${name}: secrets`,
      found.map((secret) => `a secret in clear: ${secret.slice(0, 12)}…`),
    );
  }
}

const LABELS = /(\w+)="((?:[^"\\]|\\.)*)"/g;
const OF_TENANTS = /tenant|customer|slug|key_?id|run_?id/i;

/** Labels name no tenant, and nothing of one: whoever reads one time series reads all. */
export function judgeMetrics(
  name: string,
  text: string,
  trial: Trial,
  ledger: Ledger,
  surface: Surface = 'metrics',
): void {
  const { a, b, canaries } = trial;
  const findings = [
    ...new Set([...text.matchAll(LABELS)].map(([, label, value]) => `${label}=${value}`)),
  ].flatMap((pair) => {
    const [label, value] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
    const isOfTenant =
      OF_TENANTS.test(label) || [a.slug, b.slug].includes(value) || canaries.findIn(value).length > 0;
    return isOfTenant ? [`the label ${pair}`] : [];
  });
  ledger.judged(surface, `${name}: labels`, findings);
  ledger.judged(surface, `${name}: canaries`, canaries.findIn(text));
}

/** Metrics count all tenants together, so they are for the operator: not for who comes through a proxy, nor with a tenant's key. */
export async function attackMetrics(
  addresses: Readonly<Record<string, string>>,
  trial: Trial,
  ledger: Ledger,
): Promise<void> {
  for (const [name, address] of Object.entries(addresses)) {
    const ask = askOver(address);
    judgeMetrics(name, (await ask({ method: 'GET', path: '/metrics' })).body, trial, ledger);
    const callers: Record<string, string>[] = [
      { 'x-forwarded-for': '203.0.113.9' },
      { forwarded: 'for=203.0.113.9' },
      { 'x-real-ip': '203.0.113.9', authorization: `Bearer ${trial.a.keys.all}` },
    ];
    for (const headers of callers) {
      const answer = await ask({ method: 'GET', path: '/metrics', headers });
      const findings =
        answer.status === 200 ? ['gave the metrics of all tenants to a caller from outside'] : [];
      ledger.judged('metrics', `${name}: ${Object.keys(headers).join(', ')}`, findings);
    }
  }
}

/** Everything that Redis holds: jobs carry numbers, never a tenant's data. */
export async function judgeRedis(
  redisUrl: string,
  trial: Trial,
  secrets: Canaries,
  ledger: Ledger,
): Promise<void> {
  const redis = new Redis(redisUrl);
  try {
    const keys = await redis.keys('*');
    for (const key of keys) {
      const text = `${key}\n${JSON.stringify(await valueOf(redis, key))}`;
      const ids = [...trial.b.ids.runId, ...trial.b.ids.exportId];
      const findings = [...trial.canaries.findIn(text, ids), ...secrets.findIn(text)].map(
        (one) => `${key} holds ${one.slice(0, 20)}`,
      );
      ledger.judged('redis', key, findings);
    }
  } finally {
    redis.disconnect();
  }
}

async function valueOf(redis: Redis, key: string): Promise<unknown> {
  const type = await redis.type(key);
  if (type === 'string') return redis.get(key);
  if (type === 'hash') return redis.hgetall(key);
  if (type === 'list') return redis.lrange(key, '0', '-1');
  if (type === 'set') return redis.smembers(key);
  if (type === 'zset') return redis.zrange(key, '0', '-1');
  return type === 'stream' ? redis.xrange(key, '-', '+') : type;
}

/** Messages on every channel while `work` goes on. */
export async function listen(redisUrl: string, work: () => Promise<void>): Promise<string[]> {
  const redis = new Redis(redisUrl);
  const heard: string[] = [];
  redis.on('pmessage', (_pattern: string, channel: string, message: string) =>
    heard.push(`${channel} ${message}`),
  );
  await redis.psubscribe('*');
  await work();
  redis.disconnect();
  return heard;
}
