// Traffic of shops and salespeople over two nodes: every answer is checked, every outcome that was acknowledged is remembered.
import http from 'node:http';

export interface Target {
  readonly slug: string;
  readonly key: string;
}

export interface TrafficOptions {
  readonly ports: readonly number[];
  readonly targets: readonly Target[];
  readonly customers: readonly string[];
  readonly perSecond: number;
}

/** One request in so many reports outcomes. */
const OUTCOMES_EVERY = 10;
const EVENTS_A_BATCH = 5;
const ATTEMPT_TIMEOUT_MS = 10_000;

interface Answer {
  readonly status: number;
  readonly body: string;
}

export class Traffic {
  requests = 0;
  failed = 0;
  /** Sent to the other node because the first was not there. */
  failedOver = 0;
  mixedVersions = 0;
  readonly acknowledged = new Set<string>();
  readonly sent = new Set<string>();
  readonly versions = new Map<string, Set<number | null>>();
  readonly latencies: number[] = [];
  readonly failures: string[] = [];
  private readonly options: TrafficOptions;
  private readonly agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
  private readonly underWay = new Set<Promise<void>>();
  private timer: NodeJS.Timeout | undefined;
  private number = 0;

  constructor(options: TrafficOptions) {
    this.options = options;
  }

  /** An open loop: requests are due at fixed moments, whatever the nodes do. */
  start(): void {
    const startedAt = performance.now();
    this.timer = setInterval(() => {
      const due = ((performance.now() - startedAt) * this.options.perSecond) / 1000;
      while (this.number < due) this.begin(this.number++);
    }, 1);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all(this.underWay);
    this.agent.destroy();
  }

  private begin(number: number): void {
    const work = (number % OUTCOMES_EVERY === 0 ? this.report(number) : this.ask(number)).finally(() =>
      this.underWay.delete(work),
    );
    this.underWay.add(work);
  }

  private async ask(number: number): Promise<void> {
    const { targets, customers } = this.options;
    const target = targets[number % targets.length];
    const customer = customers[(number * 7919) % customers.length];
    // Some in a way that only the framework takes.
    const query = number % 7 === 0 ? '?count=10&country=Norway' : '?count=10';
    const path = `/v1/tenants/${target.slug}/recommendations/${customer}${query}`;
    const body = await this.call(number, 'GET', path, target.key);
    if (body === undefined) return;
    const answer = JSON.parse(body) as { modelVersion: number | null; items: { productId: string }[] };
    const versions = this.versions.get(target.slug) ?? new Set();
    this.versions.set(target.slug, versions.add(answer.modelVersion));
    const prefix = `V${answer.modelVersion}-`;
    if (!answer.items.every(({ productId }) => productId.startsWith(prefix))) this.mixedVersions++;
  }

  /** Each event has a customer of its own, by which it is found again; every second batch leaves the event ids to the node. */
  private async report(number: number): Promise<void> {
    const target = this.options.targets[(number / OUTCOMES_EVERY) % this.options.targets.length];
    const names = Array.from({ length: EVENTS_A_BATCH }, (_, row) => `E${number}-${row}`);
    const events = names.map((customerId) => ({
      ...(number % (2 * OUTCOMES_EVERY) === 0 ? { eventId: `id-${customerId}` } : {}),
      recommendationId: '019aa6e0-0000-7000-8000-000000000000',
      kind: 'bought',
      customerId,
      productId: 'V1-P000001',
      occurredAt: '2026-11-20T10:00:00Z',
    }));
    for (const name of names) this.sent.add(name);
    const path = `/v1/tenants/${target.slug}/outcomes`;
    const body = await this.call(number, 'POST', path, target.key, JSON.stringify({ events }));
    if (body === undefined) return;
    const { accepted, alreadyKnown } = JSON.parse(body) as { accepted: number; alreadyKnown: number };
    if (accepted + alreadyKnown === names.length) for (const name of names) this.acknowledged.add(name);
    else this.fail(`${path}: ${body}`);
  }

  /** To one node, and to the other when the first does not answer: what a balancer does. Undefined when it failed. */
  private async call(
    number: number,
    method: string,
    path: string,
    key: string,
    body?: string,
  ): Promise<string | undefined> {
    this.requests++;
    const startedAt = performance.now();
    const { ports } = this.options;
    let last: unknown;
    for (let attempt = 0; attempt < ports.length; attempt++) {
      const port = ports[(number + attempt) % ports.length];
      try {
        const answer = await this.send(port, method, path, key, body);
        this.latencies.push(performance.now() - startedAt);
        if (answer.status === 200) return answer.body;
        this.fail(`${method} ${path}: ${answer.status} ${answer.body.slice(0, 300)}`);
        return undefined;
      } catch (error) {
        last = error;
        this.failedOver++;
      }
    }
    this.fail(`${method} ${path}: ${String(last)}`);
    return undefined;
  }

  private send(port: number, method: string, path: string, key: string, body?: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const headers: http.OutgoingHttpHeaders = { authorization: `Bearer ${key}` };
      if (body !== undefined)
        Object.assign(headers, {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
        });
      const options = {
        host: '127.0.0.1',
        port,
        method,
        path,
        headers,
        agent: this.agent,
        timeout: ATTEMPT_TIMEOUT_MS,
      };
      const request = http.request(options, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
        response.on('error', reject);
        response.on('aborted', () => reject(new Error('broken off')));
      });
      request.on('timeout', () => request.destroy(new Error('no answer in time')));
      request.on('error', reject);
      request.end(body);
    });
  }

  private fail(what: string): void {
    this.failed++;
    if (this.failures.length < 20) this.failures.push(what);
  }
}
