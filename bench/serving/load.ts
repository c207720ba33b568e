// Load over raw sockets: cheap enough to leave the measured server the machine. One request at a time on each connection.
import { connect, type Socket } from 'node:net';

export interface Target {
  readonly port: number;
  /** Whole requests as they go over the wire; sent in turns. */
  readonly requests: readonly Buffer[];
  readonly connections: number;
}

export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  /** Milliseconds, sorted. */
  readonly latencies: Float64Array;
}

/** Of one read: answers are smaller, most of the time. */
const READ_BYTES = 65_536;
const HEADERS_END = Buffer.from('\r\n\r\n');
const OK = Buffer.from('HTTP/1.1 200');

/** A closed loop: every connection sends the next request when it has its answer. @throws Error at any answer that is no 200 */
export async function saturate(target: Target, requests: number): Promise<LoadResult> {
  let left = requests;
  return drive(target, requests, (connection) => {
    if (left > 0) {
      left--;
      connection.send();
    }
  });
}

/**
 * An open loop: requests are due at fixed moments, whatever the server does, and their time counts from that moment on, so
 * that a pause of the server is felt by all who came during it.
 */
export async function pace(target: Target, perSecond: number, seconds: number): Promise<LoadResult> {
  const total = Math.round(perSecond * seconds);
  const idle: Connection[] = [];
  let startedAt: number | undefined;
  let sent = 0;
  const flush = () => {
    const now = performance.now();
    // Nothing is due before everybody is connected.
    if (startedAt === undefined && idle.length < target.connections) return;
    startedAt ??= now;
    while (sent < total && idle.length > 0) {
      const dueAt = startedAt + (sent * 1000) / perSecond;
      if (dueAt > now) return;
      (idle.pop() as Connection).send(dueAt);
      sent++;
    }
  };
  const timer = setInterval(flush, 1);
  try {
    return await drive(target, total, (connection) => {
      idle.push(connection);
      flush();
    });
  } finally {
    clearInterval(timer);
  }
}

async function drive(
  { port, requests, connections }: Target,
  total: number,
  onIdle: (connection: Connection) => void,
): Promise<LoadResult> {
  const latencies = new Float64Array(total);
  let answered = 0;
  let next = 0;
  const open: Connection[] = [];
  const startedAt = performance.now();
  try {
    await new Promise<void>((resolve, reject) => {
      for (let i = 0; i < connections; i++) {
        const connection = new Connection(port, () => requests[next++ % requests.length], {
          onAnswer: (latency) => {
            latencies[answered++] = latency;
            if (answered === total) resolve();
            else onIdle(connection);
          },
          onError: reject,
        });
        open.push(connection);
        connection.ready(() => onIdle(connection));
      }
    });
  } finally {
    for (const connection of open) connection.close();
  }
  const seconds = (performance.now() - startedAt) / 1000;
  return { requests: total, seconds, latencies: latencies.sort() };
}

interface Listener {
  onAnswer(latencyMs: number): void;
  onError(error: Error): void;
}

class Connection {
  private readonly socket: Socket;
  private startedAt = 0;
  /** The beginning of a head that came in parts. */
  private received: Buffer | undefined;
  private expected = -1;
  private bytes = 0;

  private readonly nextRequest: () => Buffer;
  private readonly listener: Listener;

  constructor(port: number, nextRequest: () => Buffer, listener: Listener) {
    this.nextRequest = nextRequest;
    this.listener = listener;
    // One buffer for all that is ever read: a new one for each answer has the collector stop the load for 20 ms a second.
    const onread = {
      buffer: Buffer.allocUnsafe(READ_BYTES),
      callback: (bytes: number, buffer: Uint8Array) => {
        this.take((buffer as Buffer).subarray(0, bytes));
        return true;
      },
    };
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true, onread });
    this.socket.on('error', (error) => listener.onError(error));
  }

  ready(callback: () => void): void {
    this.socket.once('connect', callback);
  }

  send(dueAt = performance.now()): void {
    this.startedAt = dueAt;
    this.socket.write(this.nextRequest());
  }

  close(): void {
    this.socket.destroy();
  }

  private take(chunk: Buffer): void {
    this.bytes += chunk.length;
    if (this.expected < 0) this.readHead(chunk);
    if (this.expected < 0 || this.bytes < this.expected) return;
    this.received = undefined;
    this.bytes = 0;
    this.expected = -1;
    this.listener.onAnswer(performance.now() - this.startedAt);
  }

  private readHead(chunk: Buffer): void {
    const head = this.received === undefined ? chunk : Buffer.concat([this.received, chunk]);
    const end = head.indexOf(HEADERS_END);
    if (end < 0) {
      this.received = Buffer.from(head);
      return;
    }
    const text = head.toString('latin1', 0, end);
    const length = /\r\ncontent-length: (\d+)/i.exec(text)?.[1];
    if (head.compare(OK, 0, OK.length, 0, OK.length) !== 0 || length === undefined) {
      this.listener.onError(new Error(`Not the answer that was expected: ${head.toString('utf8')}`));
      return;
    }
    this.expected = end + HEADERS_END.length + Number(length);
  }
}

export function percentile(sorted: Float64Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

export function getRequest(path: string, key: string): Buffer {
  return Buffer.from(
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${key}\r\nAccept: application/json\r\n\r\n`,
  );
}

export function postRequest(path: string, key: string, body: unknown): Buffer {
  const bytes = Buffer.from(JSON.stringify(body));
  const head = [
    `POST ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    `Authorization: Bearer ${key}`,
    'Content-Type: application/json',
    `Content-Length: ${bytes.length}`,
  ].join('\r\n');
  return Buffer.concat([Buffer.from(`${head}\r\n\r\n`), bytes]);
}
