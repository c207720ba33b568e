import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Seconds } from './measure.ts';

const SERVER = path.join(import.meta.dirname, 'peer_server.py');

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** A long-lived Python with the peers loaded, capped to a number of threads; answers one request at a time, in order. */
export class PeerProcess {
  private readonly child: ChildProcess;
  private readonly waiting: Waiting[] = [];
  private readonly loaded = new Set<string>();
  private failure: Error | undefined;

  constructor(python: string, threads: number) {
    const cap = String(threads);
    this.child = spawn(python, [SERVER, cap], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, OPENBLAS_NUM_THREADS: cap, MKL_NUM_THREADS: cap, OMP_NUM_THREADS: cap },
    });
    createInterface({ input: this.child.stdout! }).on('line', (line) => this.receive(line));
    this.child.stdin!.on('error', (error) => this.fail(error));
    this.child.on('error', (error) => this.fail(error));
    this.child.on('exit', (code, signal) => this.fail(new Error(`the peers ended (${signal ?? code})`)));
  }

  ask<T = Seconds>(op: string, fields: object = {}): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.failure) return reject(this.failure);
      this.waiting.push({ resolve: resolve as (result: unknown) => void, reject });
      this.child.stdin!.write(`${JSON.stringify({ op, ...fields })}\n`);
    });
  }

  /** Loads a matrix unless it was loaded before. */
  async load(matrix: { readonly name: string }): Promise<void> {
    if (this.loaded.has(matrix.name)) return;
    await this.ask('load-matrix', matrix);
    this.loaded.add(matrix.name);
  }

  close(): void {
    this.child.stdin!.end();
  }

  private receive(line: string): void {
    const { result, error } = JSON.parse(line) as { result?: unknown; error?: string };
    const waiting = this.waiting.shift();
    if (error === undefined) waiting?.resolve(result);
    else waiting?.reject(new Error(`the peers say: ${error}`));
  }

  private fail(error: Error): void {
    this.failure ??= error;
    for (const { reject } of this.waiting.splice(0)) reject(error);
  }
}
