import { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import { asObjectError, isAbsent } from './object-errors.js';
import type { S3Address } from './s3-address.js';

/** Up to here one request; beyond it parts, each of which is sent again by itself when it fails. */
const PART_BYTES = 8 << 20;
const PARTS_AT_ONCE = 2;
/** What one removal may name. */
const MOST_KEYS = 1_000;

/** So a request is given up after less than two minutes, and one that nobody listens to after some seconds. */
const PATIENCE = { attempts: 4, connectMs: 3_000, silenceMs: 15_000, requestMs: 25_000 };

export interface ObjectAccess {
  /** Absent: what the machine itself is allowed (profile, role of the instance). */
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
}

export interface StoredObject {
  /** Without the prefix of the address. */
  readonly key: string;
  readonly changedAt: Date;
}

export interface ObjectBody {
  readonly bytes: number;
  readonly body: AsyncIterable<Uint8Array>;
}

/** A bucket of an S3-compatible service. An object is absent or whole: what was not sent to its end does not appear. */
export class ObjectStorage {
  private connected: Promise<S3Client> | undefined;

  constructor(
    private readonly address: S3Address,
    private readonly access: ObjectAccess = {},
    private readonly patience = PATIENCE,
  ) {}

  /** The storage checks what arrives against a checksum of what was sent. An error of `body` itself is thrown as it is. */
  async put(key: string, body: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<void> {
    const { Upload } = await import('@aws-sdk/lib-storage');
    const source = new WatchedSource(body);
    const upload = new Upload({
      client: await this.client(),
      params: { ...this.place(key), Body: Readable.from(source.chunks(), { objectMode: false }) },
      partSize: PART_BYTES,
      queueSize: PARTS_AT_ONCE,
    });
    try {
      await upload.done();
    } catch (error) {
      throw source.failed ? source.error : asObjectError(error);
    }
  }

  /** Undefined when there is none. */
  async get(key: string): Promise<ObjectBody | undefined> {
    const { GetObjectCommand } = await import('@aws-sdk/client-s3');
    const client = await this.client();
    try {
      const { ContentLength, Body } = await client.send(new GetObjectCommand(this.place(key)));
      return { bytes: ContentLength ?? 0, body: readAll(Body as Readable) };
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw asObjectError(error);
    }
  }

  /** Everything whose key begins so, however many there are. */
  async list(beginning: string): Promise<StoredObject[]> {
    const { paginateListObjectsV2 } = await import('@aws-sdk/client-s3');
    const client = await this.client();
    const { Bucket, Key: Prefix } = this.place(beginning);
    const outside = Prefix.length - beginning.length;
    return inItsWords(async () => {
      const found: StoredObject[] = [];
      for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket, Prefix })) {
        for (const { Key = '', LastModified = new Date(0) } of Contents)
          found.push({ key: Key.slice(outside), changedAt: LastModified });
      }
      return found;
    });
  }

  /** What is not there is removed already. */
  async remove(keys: readonly string[]): Promise<void> {
    const { DeleteObjectsCommand } = await import('@aws-sdk/client-s3');
    const client = await this.client();
    for (let start = 0; start < keys.length; start += MOST_KEYS) {
      const Objects = keys.slice(start, start + MOST_KEYS).map((key) => ({ Key: this.place(key).Key }));
      const command = new DeleteObjectsCommand({
        Bucket: this.address.bucket,
        Delete: { Objects, Quiet: true },
      });
      const { Errors: [first] = [] } = await inItsWords(() => client.send(command));
      if (first !== undefined)
        throw asObjectError(Object.assign(new Error(first.Message), { name: first.Code }));
    }
  }

  async close(): Promise<void> {
    (await this.connected)?.destroy();
  }

  private place(key: string): { Bucket: string; Key: string } {
    const { bucket, prefix } = this.address;
    return { Bucket: bucket, Key: prefix === '' ? key : `${prefix}/${key}` };
  }

  /** Loaded with the first use: whoever keeps everything in a folder does without it. */
  private client(): Promise<S3Client> {
    this.connected ??= this.connect();
    return this.connected;
  }

  private async connect(): Promise<S3Client> {
    const { S3Client: Client } = await import('@aws-sdk/client-s3');
    const { endpoint, region } = this.address;
    const { accessKeyId, secretAccessKey } = this.access;
    const { attempts, connectMs, silenceMs, requestMs } = this.patience;
    return new Client({
      region,
      ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
      ...(accessKeyId === undefined || secretAccessKey === undefined
        ? {}
        : { credentials: { accessKeyId, secretAccessKey } }),
      maxAttempts: attempts,
      requestHandler: {
        connectionTimeout: connectMs,
        socketTimeout: silenceMs,
        requestTimeout: requestMs,
        throwOnRequestTimeout: true,
      },
    });
  }
}

/** Knows afterwards whether it was the source that failed, and not the storage. */
class WatchedSource {
  failed = false;
  error: unknown;

  constructor(private readonly source: Iterable<Uint8Array> | AsyncIterable<Uint8Array>) {}

  async *chunks(): AsyncGenerator<Buffer> {
    try {
      // Copied: over shared memory it could change while it is being sent.
      for await (const chunk of this.source) if (chunk.byteLength > 0) yield Buffer.from(chunk);
    } catch (error) {
      this.failed = true;
      this.error = error;
      throw error;
    }
  }
}

async function inItsWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asObjectError(error);
  }
}

async function* readAll(body: Readable): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of body) yield chunk as Uint8Array;
  } catch (error) {
    throw asObjectError(error);
  }
}
