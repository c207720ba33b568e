import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import {
  ListStore,
  openOwnLists,
  type ListReader,
  type ServedTenant,
  type ServingPointer,
  type TenantId,
} from '#libs/domain';
import { ServingMetrics } from '../metrics/serving-metrics.js';

/** Each open file is a memory map and two descriptors; beyond this the least recently asked tenants are closed. */
const MAXIMUM_OPEN_FILES = 2_000;
/** Product ids of open files are held as strings, about 50 bytes each. */
const MAXIMUM_PRODUCT_IDS = 10_000_000;
const RETRY_AFTER_MS = 5_000;

interface OpenLists {
  readonly pointer: ServingPointer;
  readonly reader: ListReader;
}

interface FailedPointer {
  readonly listFile: string;
  readonly retryAt: number;
}

/**
 * One open list file per tenant that is asked for. A moved pointer opens its file first and then takes over; until then, and
 * for as long as it cannot be opened, the file before it goes on serving. Look-ups are synchronous and nobody keeps a reader
 * over an `await`, so a reader that is swapped out has no reads in flight and can be closed at once.
 */
@Injectable()
export class OpenListsService implements OnApplicationShutdown {
  private readonly logger = new Logger(OpenListsService.name);
  private readonly open: LRUCache<TenantId, OpenLists>;
  private readonly opening = new Map<TenantId, Promise<void>>();
  private readonly failed = new Map<TenantId, readonly FailedPointer[]>();
  /** Outlives the cache: where to return to when the newest file turns out to be unusable. Newest first, two at most. */
  private readonly lastGood = new Map<TenantId, readonly ServingPointer[]>();

  constructor(
    private readonly store: ListStore,
    private readonly metrics: ServingMetrics,
  ) {
    this.open = new LRUCache<TenantId, OpenLists>({
      max: MAXIMUM_OPEN_FILES,
      maxSize: MAXIMUM_PRODUCT_IDS,
      maxEntrySize: MAXIMUM_PRODUCT_IDS,
      sizeCalculation: (lists) => 1 + lists.reader.header.productIds.length,
      dispose: (lists) => void lists.reader.close(),
    });
  }

  /** The open lists of this tenant, if any; notices by the way that a newer file should be opened. */
  current(tenant: ServedTenant): ListReader | undefined {
    const lists = this.open.get(tenant.tenantId);
    if (lists === undefined) return undefined;
    if (lists.pointer.listFile !== tenant.pointer?.listFile) void this.switchTo(tenant);
    return lists.reader;
  }

  /** Opens what `current` then finds. Never rejects: lists that cannot be opened are an answer of their own. */
  async prepare(tenant: ServedTenant): Promise<void> {
    await this.switchTo(tenant);
    for (const pointer of this.lastGood.get(tenant.tenantId) ?? []) {
      if (this.open.has(tenant.tenantId)) return;
      if (pointer.listFile !== tenant.pointer?.listFile) await this.switchTo({ ...tenant, pointer });
    }
  }

  /** Moved pointers of tenants that are being asked for: opened now, so that the next request finds the new lists. */
  follow(tenants: readonly ServedTenant[]): void {
    for (const tenant of tenants) {
      const lists = this.open.peek(tenant.tenantId);
      const moved = lists !== undefined && lists.pointer.listFile !== tenant.pointer?.listFile;
      if (moved) void this.switchTo(tenant);
    }
  }

  /**
   * Closes what has changed on the disk since it was opened. LMDB reads from a map of the file: a page behind its new end does
   * not fail as a read does, it ends or hangs this process. Files are never written to, so this is somebody's mistake.
   */
  async dropChanged(): Promise<void> {
    for (const [tenantId, { pointer, reader }] of [...this.open.entries()]) {
      if (await reader.isIntact()) continue;
      this.drop(tenantId, reader);
      this.metrics.droppedLists.inc({ reason: 'changed' });
      this.logger.error({ listFile: pointer.listFile }, 'An open list file has been changed: it is closed.');
    }
  }

  /** A reader that found its file to be damaged is closed, and the file not tried again at once. */
  dropCorrupt({ tenantId, slug }: ServedTenant, reader: ListReader, error: unknown): void {
    const pointer = this.drop(tenantId, reader);
    if (pointer === undefined) return;
    this.noteFailure(tenantId, pointer);
    this.metrics.droppedLists.inc({ reason: 'corrupt' });
    this.logger.error(
      { err: error, tenant: slug, listFile: pointer.listFile },
      'An open list file is damaged.',
    );
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.allSettled(this.opening.values());
    const readers = [...this.open.values()].map((lists) => lists.reader);
    this.open.clear();
    await Promise.allSettled(readers.map((reader) => reader.close()));
  }

  private switchTo(tenant: ServedTenant): Promise<void> {
    const { tenantId, pointer } = tenant;
    const underWay = this.opening.get(tenantId);
    if (underWay !== undefined) return underWay;
    if (pointer === undefined || this.mustWait(tenantId, pointer)) return Promise.resolve();
    const attempt = this.tryOpen(tenant, pointer).finally(() => this.opening.delete(tenantId));
    this.opening.set(tenantId, attempt);
    return attempt;
  }

  /** Answers what was served from it; undefined when another reader has taken its place already. */
  private drop(tenantId: TenantId, reader: ListReader): ServingPointer | undefined {
    const lists = this.open.peek(tenantId);
    if (lists?.reader !== reader) return undefined;
    this.open.delete(tenantId);
    this.metrics.openLists.set(this.open.size);
    return lists.pointer;
  }

  private mustWait(tenantId: TenantId, { listFile }: ServingPointer): boolean {
    const failure = this.failed.get(tenantId)?.find((failed) => failed.listFile === listFile);
    return failure !== undefined && Date.now() < failure.retryAt;
  }

  /** The newest file and those before it may be damaged at the same time, and each waits for itself. */
  private noteFailure(tenantId: TenantId, { listFile }: ServingPointer): void {
    const now = Date.now();
    const others = (this.failed.get(tenantId) ?? []).filter(
      (failed) => failed.listFile !== listFile && failed.retryAt > now,
    );
    this.failed.set(tenantId, [...others, { listFile, retryAt: now + RETRY_AFTER_MS }]);
  }

  private noteGood(tenantId: TenantId, pointer: ServingPointer): void {
    const others = (this.lastGood.get(tenantId) ?? []).filter(
      ({ publicationId }) => publicationId !== pointer.publicationId,
    );
    this.lastGood.set(tenantId, [pointer, ...others].slice(0, 2));
  }

  private async tryOpen(tenant: ServedTenant, pointer: ServingPointer): Promise<void> {
    const { tenantId, slug } = tenant;
    try {
      const reader = await openOwnLists(this.store, slug, pointer);
      this.open.set(tenantId, { pointer, reader });
      this.noteGood(tenantId, pointer);
      this.metrics.openLists.set(this.open.size);
    } catch (error) {
      this.noteFailure(tenantId, pointer);
      this.metrics.listFailures.inc();
      this.logger.error(
        { err: error, tenant: slug, listFile: pointer.listFile },
        'A list file cannot be opened.',
      );
    }
  }
}
