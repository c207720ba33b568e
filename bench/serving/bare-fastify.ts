import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

/** One of the two sides: where it listens, and what it has used so far. */
export interface Server {
  readonly port: number;
  cpuMicros(): Promise<number>;
}

/** The peer: Fastify in a process of its own, which answers everything with the bytes that it is given. */
export class BareFastify implements Server {
  readonly port: number;
  private readonly child: ChildProcess;

  private constructor(port: number, child: ChildProcess) {
    this.port = port;
    this.child = child;
  }

  static async start(): Promise<BareFastify> {
    const child = fork(path.join(import.meta.dirname, 'bare-fastify.mjs'));
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
