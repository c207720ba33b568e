import { open, type FileHandle } from 'node:fs/promises';
import { NightshiftError, UnavailableError } from '#libs/domain';
import { syncDirectory } from '../lists/sync-directory.js';
import { encodeFrame } from './journal-frames.js';
import type { JournalFolder } from './journal-folder.js';

/** What a crash makes the next node deliver a second time, without effect. */
const SEGMENT_BYTES = 4 * 1024 * 1024;
/** Waiting for the disk in memory; beyond it a caller is told to come back. */
const MAXIMUM_WAITING_BYTES = 32 * 1024 * 1024;

interface Waiting {
  readonly frame: Buffer;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** How far a segment may be read: what lies behind is not on the disk for certain. */
export interface WrittenSegment {
  readonly path: string;
  durableEnd: number;
  isClosed: boolean;
}

/**
 * Appends payloads to segments, durably. One write and one sync serve everybody who came while those before were under way
 * (group commit), so a slow disk makes groups larger and not the queue longer.
 */
export class JournalWriter {
  readonly segments: WrittenSegment[] = [];
  private waiting: Waiting[] = [];
  private waitingBytes = 0;
  private flushing: Promise<void> | undefined;
  private file: FileHandle | undefined;
  private nextSegment = 1;
  private closed = false;
  private mustRotate = false;

  constructor(
    private readonly folder: JournalFolder,
    private readonly onDurable: () => void,
  ) {}

  /** Resolves when the payload, and everything that was appended before it, would survive a power cut. */
  append(payload: Buffer | undefined): Promise<void> {
    if (this.closed) return Promise.reject(new UnavailableError('The journal of feedback', undefined));
    const frame = payload === undefined ? Buffer.alloc(0) : encodeFrame(payload);
    if (this.waitingBytes + frame.length > MAXIMUM_WAITING_BYTES) return Promise.reject(tooMuchAtOnce());
    this.waitingBytes += frame.length;
    return new Promise((resolve, reject) => {
      this.waiting.push({ frame, resolve, reject });
      this.flushing ??= this.flush().finally(() => (this.flushing = undefined));
    });
  }

  /** What follows goes into another segment. */
  async rotate(): Promise<void> {
    if (this.flushing === undefined) await this.closeSegment();
    else this.mustRotate = true;
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.flushing;
    await this.closeSegment();
  }

  private async flush(): Promise<void> {
    // Whoever comes within this turn of the event loop goes into the first group.
    await new Promise(setImmediate);
    while (this.waiting.length > 0) {
      const group = this.take();
      try {
        await this.write(Buffer.concat(group.map(({ frame }) => frame)));
        for (const { resolve } of group) resolve();
        this.onDurable();
      } catch (error) {
        // What follows may rest on it: a second report of the same event, say.
        const failure = new UnavailableError('The journal of feedback', error);
        for (const { reject } of [...group, ...this.take()]) reject(failure);
        await this.closeSegment();
      }
    }
  }

  private take(): Waiting[] {
    const group = this.waiting;
    this.waiting = [];
    this.waitingBytes = 0;
    return group;
  }

  private async write(bytes: Buffer): Promise<void> {
    if (bytes.length === 0) return;
    const segment = await this.openSegment();
    const file = this.file as FileHandle;
    await file.appendFile(bytes);
    await file.datasync();
    segment.durableEnd += bytes.length;
    if (this.mustRotate || segment.durableEnd >= SEGMENT_BYTES) await this.closeSegment();
    this.mustRotate = false;
  }

  private async openSegment(): Promise<WrittenSegment> {
    const current = this.segments.at(-1);
    if (this.file !== undefined && current !== undefined) return current;
    const path = this.folder.segmentPath(this.nextSegment++);
    this.file = await open(path, 'ax', 0o640);
    await syncDirectory(this.folder.path);
    const segment = { path, durableEnd: 0, isClosed: false };
    this.segments.push(segment);
    return segment;
  }

  /** Whatever stands behind `durableEnd` of a closed segment is torn and was never acknowledged. */
  private async closeSegment(): Promise<void> {
    const { file } = this;
    this.file = undefined;
    const segment = this.segments.at(-1);
    if (segment !== undefined) segment.isClosed = true;
    await file?.close().catch(() => undefined);
  }
}

function tooMuchAtOnce(): NightshiftError {
  return new NightshiftError(
    'busy',
    'feedbackBusy',
    'The disk does not keep up with the feedback; send it again.',
  );
}
