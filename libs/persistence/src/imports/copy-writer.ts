import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom, type CopyStreamQuery } from 'pg-copy-streams';
import { UnavailableError } from '#libs/domain';

const FLUSH_CHARACTERS = 64 * 1024;

/** Writes lines into one COPY … FROM STDIN at the pace of the database. */
export class CopyWriter {
  private readonly stream: CopyStreamQuery;
  private pending = '';
  private failure: Error | undefined;

  constructor(client: pg.PoolClient, sql: string) {
    this.stream = client.query(copyFrom(sql, { highWaterMark: 1024 * 1024 }));
    // An error between two writes would otherwise be nobody's and end the process.
    this.stream.on('error', (error) => {
      this.failure ??= asOutage(error);
    });
  }

  /** `line` ends with a line break. */
  write(line: string): void {
    this.pending += line;
    if (this.pending.length >= FLUSH_CHARACTERS) this.flush();
  }

  /** Resolves when there is room for more. */
  async drain(): Promise<void> {
    this.throwFailure();
    if (!this.stream.writableNeedDrain) return;
    try {
      await once(this.stream, 'drain');
    } catch (error) {
      throw this.failure ?? error;
    }
  }

  /** Resolves when the database has every line. */
  async finish(): Promise<void> {
    this.throwFailure();
    this.flush();
    this.stream.end();
    try {
      await finished(this.stream, { readable: false });
    } catch (error) {
      throw this.failure ?? error;
    }
  }

  /** Takes the COPY back, so that the connection is free for the rollback. */
  async abort(reason: unknown): Promise<void> {
    if (this.failure !== undefined || this.stream.destroyed || this.stream.writableFinished) return;
    const closed = new Promise<void>((resolve) => this.stream.once('close', resolve));
    this.stream.destroy(reason instanceof Error ? reason : new Error(String(reason)));
    await closed;
  }

  private flush(): void {
    if (this.pending.length === 0 || this.failure !== undefined) return;
    this.stream.write(Buffer.from(this.pending, 'utf8'));
    this.pending = '';
  }

  private throwFailure(): void {
    if (this.failure !== undefined) throw this.failure;
  }
}

/** What Postgres did not say itself (its errors carry a severity) is a connection that broke under the COPY. */
function asOutage(error: Error): Error {
  return 'severity' in error ? error : new UnavailableError('The database', error);
}
