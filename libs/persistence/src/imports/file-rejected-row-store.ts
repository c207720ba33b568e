import { createReadStream, type WriteStream, createWriteStream, mkdirSync } from 'node:fs';
import { once } from 'node:events';
import { access, rename, rm } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { finished } from 'node:stream/promises';
import type { RejectedRow, RejectedRowStore, RejectedRowWriter, TenantId } from '#libs/domain';

/** Every rejected row of an import, with its errors, as NDJSON below the state directory. */
export class FileRejectedRowStore implements RejectedRowStore {
  constructor(private readonly stateDir: string) {}

  create(tenantId: TenantId, importId: string): RejectedRowWriter {
    return new FileRejectedRowWriter(this.stateDir, pathBelowState(tenantId, importId));
  }

  async open(tenantId: TenantId, importId: string): Promise<AsyncIterable<Uint8Array> | undefined> {
    const path = join(this.stateDir, pathBelowState(tenantId, importId));
    const present = await access(path).then(
      () => true,
      () => false,
    );
    return present ? (createReadStream(path) as AsyncIterable<Uint8Array>) : undefined;
  }
}

const pathBelowState = (tenantId: TenantId, importId: string): string =>
  posix.join('imports', String(tenantId), `${importId}.rejected.ndjson`);

/** Written aside, renamed when complete; a file without rejected rows is never made. */
class FileRejectedRowWriter implements RejectedRowWriter {
  private stream: WriteStream | undefined;
  private failure: Error | undefined;
  private finishedPath: string | undefined;
  private readonly target: string;
  private readonly partial: string;

  constructor(
    stateDir: string,
    private readonly relativePath: string,
  ) {
    this.target = join(stateDir, relativePath);
    this.partial = `${this.target}.part`;
  }

  write(rejected: RejectedRow): void {
    this.stream ??= this.openStream();
    this.stream.write(`${JSON.stringify(rejected)}\n`);
  }

  async drain(): Promise<void> {
    if (this.failure !== undefined) throw this.failure;
    if (this.stream?.writableNeedDrain === true) await once(this.stream, 'drain');
  }

  async finish(): Promise<string | undefined> {
    if (this.stream === undefined || this.finishedPath !== undefined) return this.finishedPath;
    if (this.failure !== undefined) throw this.failure;
    this.stream.end();
    await finished(this.stream);
    await rename(this.partial, this.target);
    this.finishedPath = this.relativePath;
    return this.finishedPath;
  }

  async discard(): Promise<void> {
    this.stream?.destroy();
    await rm(this.partial, { force: true });
    await rm(this.target, { force: true });
  }

  private openStream(): WriteStream {
    mkdirSync(dirname(this.target), { recursive: true });
    // `flush` syncs the file before it closes: the import's record must not name a file that a crash has emptied.
    const stream = createWriteStream(this.partial, { flags: 'w', mode: 0o600, flush: true });
    stream.on('error', (error) => {
      this.failure ??= error;
    });
    return stream;
  }
}
