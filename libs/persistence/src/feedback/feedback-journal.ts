import { appendFile, mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  DurableFeedback,
  InvalidInputError,
  type DeliveredFeedback,
  type FeedbackEvent,
  type FeedbackRepository,
  type TenantId,
} from '#libs/domain';
import { decodeFrames } from './journal-frames.js';
import { JournalFolder } from './journal-folder.js';
import { JournalWriter, type WrittenSegment } from './journal-writer.js';
import { decodePayload, encodePayload } from './feedback-payload.js';
import { KnownEvents } from './known-events.js';
import { removeRefused } from './remove-refused.js';

/** Read and delivered at a time. */
const CHUNK_BYTES = 1024 * 1024;
const MOST_EVENTS = 5_000;
/** Rows that Postgres cannot hold, for a person to look at. */
const REFUSED_FILE = 'refused.ndjson';

const NOTHING: DeliveredFeedback = { events: 0, added: 0, refused: 0, isDamaged: false };

/**
 * Feedback on this node's own disk: taken once it is durable here, and delivered to Postgres when that is there. Delivered at
 * least once and counted once, because Postgres knows each event by its id.
 */
export class FeedbackJournal extends DurableFeedback {
  private readonly known = new KnownEvents();
  private readonly writer: JournalWriter;
  private abandoned: WrittenSegment[] = [];
  private deliveredEnd = 0;
  private wake: (() => void) | undefined;

  private constructor(
    private readonly folder: JournalFolder,
    private readonly target: FeedbackRepository,
  ) {
    super();
    this.writer = new JournalWriter(folder, () => this.wake?.());
  }

  /** @param target where events are delivered to */
  static async open(stateDirectory: string, target: FeedbackRepository): Promise<FeedbackJournal> {
    const root = join(stateDirectory, 'serving', 'feedback');
    await mkdir(root, { recursive: true, mode: 0o750 });
    const journal = new FeedbackJournal(await JournalFolder.create(root), target);
    await journal.adopt();
    return journal;
  }

  /** Resolves once the events are durable here. @throws UnavailableError when the disk refuses them */
  override async append(tenantId: TenantId, events: readonly FeedbackEvent[]): Promise<number> {
    const idOf = ({ eventId }: FeedbackEvent) => `${tenantId} ${eventId}`;
    const fresh = events.filter((event) => this.known.add(idOf(event)));
    try {
      // Also without anything new: what was known may itself be on its way to the disk.
      await this.writer.append(fresh.length === 0 ? undefined : encodePayload({ tenantId, events: fresh }));
    } catch (error) {
      for (const event of fresh) this.known.forget(idOf(event));
      throw error;
    }
    return fresh.length;
  }

  /** Takes over what writers that are gone have left, and says that this one is not. */
  override async adopt(): Promise<void> {
    await this.folder.touch();
    const known = new Set(this.abandoned.map(({ path }) => path));
    for (const path of await this.folder.abandonedSegments())
      if (!known.has(path)) this.abandoned.push({ path, durableEnd: Infinity, isClosed: true });
  }

  /** Bytes that are durable here and not yet in Postgres, those of others not counted. */
  override get undeliveredBytes(): number {
    return this.writer.segments.reduce((sum, { durableEnd }) => sum + durableEnd, 0) - this.deliveredEnd;
  }

  /** Resolves at the next append, or at once when something waits to be delivered. */
  override async untilWork(): Promise<void> {
    const isDue = this.writer.segments[0]?.isClosed === true;
    if (isDue || this.abandoned.length > 0 || this.undeliveredBytes > 0) return;
    await new Promise<void>((resolve) => (this.wake = resolve));
    this.wake = undefined;
  }

  /** Ends {@link untilWork}. */
  override interrupt(): void {
    this.wake?.();
  }

  /** Delivers the next part, to those before it in order. */
  override async deliverNext(): Promise<DeliveredFeedback> {
    const [left] = this.abandoned;
    if (left !== undefined) return this.deliverAbandoned(left);
    const segment = this.writer.segments[0];
    if (segment === undefined) return NOTHING;
    const { durableEnd, isClosed } = segment;
    const bytes = await readBetween(segment.path, this.deliveredEnd, durableEnd);
    const { payloads, end } = decodeFrames(bytes);
    const delivered = await this.deliver(payloads);
    // What was durable and cannot be read went with the disk that held it; what follows in other segments did not.
    const isDamaged = end === 0 && this.deliveredEnd < durableEnd;
    this.deliveredEnd = isDamaged ? durableEnd : this.deliveredEnd + end;
    if (isClosed && this.deliveredEnd >= durableEnd) {
      this.writer.segments.shift();
      this.deliveredEnd = 0;
      await rm(segment.path, { force: true });
    }
    return { ...delivered, isDamaged };
  }

  /** The segment at hand is closed, so that it goes once it is delivered. */
  override async forget(isErased: (tenantId: TenantId, customerId: string) => boolean): Promise<void> {
    await this.writer.rotate();
    this.interrupt();
    await removeRefused(join(this.folder.root, REFUSED_FILE), isErased);
  }

  /** After the last delivery. What is left is found by the next node that starts in this folder. */
  override async close(): Promise<void> {
    await this.writer.close();
    const [last] = this.writer.segments;
    const isEmpty = this.writer.segments.length === 1 && this.deliveredEnd >= last.durableEnd;
    if (isEmpty) await rm(last.path, { force: true });
    await this.folder.leave();
  }

  private async deliverAbandoned({ path }: WrittenSegment): Promise<DeliveredFeedback> {
    let sum = NOTHING;
    for (let position = 0; ;) {
      const { payloads, end } = decodeFrames(await readBetween(path, position, Infinity));
      if (end === 0) break;
      sum = add(sum, await this.deliver(payloads));
      position += end;
    }
    await rm(path, { force: true });
    this.abandoned.shift();
    return sum;
  }

  private async deliver(payloads: readonly Buffer[]): Promise<DeliveredFeedback> {
    const byTenant = new Map<TenantId, FeedbackEvent[]>();
    for (const { tenantId, events } of payloads.map(decodePayload)) {
      const collected = byTenant.get(tenantId);
      if (collected === undefined) byTenant.set(tenantId, [...events]);
      else collected.push(...events);
    }
    let sum = NOTHING;
    for (const [tenantId, events] of byTenant) {
      for (let start = 0; start < events.length; start += MOST_EVENTS)
        sum = add(sum, await this.deliverEvents(tenantId, events.slice(start, start + MOST_EVENTS)));
    }
    return sum;
  }

  /** One row that no column can hold must not hold up the others: halves until it stands alone, and sets it aside. */
  private async deliverEvents(
    tenantId: TenantId,
    events: readonly FeedbackEvent[],
  ): Promise<DeliveredFeedback> {
    try {
      return { ...NOTHING, events: events.length, added: await this.target.append(tenantId, events) };
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error;
    }
    if (events.length === 1) {
      const line = `${JSON.stringify({ tenantId, event: events[0] })}\n`;
      await appendFile(join(this.folder.root, REFUSED_FILE), line, { mode: 0o640 });
      return { ...NOTHING, events: 1, refused: 1 };
    }
    const half = events.length >> 1;
    const first = await this.deliverEvents(tenantId, events.slice(0, half));
    return add(first, await this.deliverEvents(tenantId, events.slice(half)));
  }
}

/** At most a chunk, or one frame where that is longer; empty when the file is gone. */
async function readBetween(path: string, start: number, end: number): Promise<Buffer> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (file === undefined) return Buffer.alloc(0);
  try {
    const { size } = await file.stat();
    const available = Math.max(0, Math.min(end, size) - start);
    for (let length = CHUNK_BYTES; ; length *= 2) {
      const wanted = Math.min(length, available);
      const bytes = Buffer.allocUnsafe(wanted);
      const { bytesRead } = await file.read(bytes, 0, wanted, start);
      const read = bytes.subarray(0, bytesRead);
      if (wanted === available || decodeFrames(read).end > 0) return read;
    }
  } finally {
    await file.close();
  }
}

function add(a: DeliveredFeedback, b: DeliveredFeedback): DeliveredFeedback {
  return {
    events: a.events + b.events,
    added: a.added + b.added,
    refused: a.refused + b.refused,
    isDamaged: a.isDamaged || b.isDamaged,
  };
}
