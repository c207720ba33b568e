import { Inject, Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { ListCopies, StorageAwayError, type ServedTenant, type TenantId } from '#libs/domain';
import { ServingMetrics } from '../metrics/serving-metrics.js';
import { PointerTable } from '../pointers/pointer-table.js';

const AT_ONCE = 4;
const RETRY_AFTER_MS = 5_000;
const SWEEP_EVERY_MS = 3_600_000;
/** As long as the storage keeps what nobody needs any more. */
const GRACE_MS = 48 * 3_600_000;

/**
 * Keeps a copy of every list file that a pointer names on this node's disk, asked for or not, so that the storage may be away for
 * as long as it likes; and none that the storage no longer has. Does nothing where lists lie in a folder shared with the workers.
 */
@Injectable()
export class ListCopiesService implements BeforeApplicationShutdown {
  private readonly logger = new Logger(ListCopiesService.name);
  private readonly here = new Map<TenantId, string>();
  private running: Promise<void> | undefined;
  private pausedUntil = 0;
  private sweepAt = 0;
  private isAway = false;
  private isStopping = false;

  constructor(
    private readonly table: PointerTable,
    @Inject(ListCopies) private readonly copies: ListCopies | null,
    metrics: ServingMetrics,
  ) {
    if (copies !== null) metrics.watchMissingLists(() => this.missing().length);
  }

  get areKept(): boolean {
    return this.copies !== null;
  }

  /** Never rejects; called with every look at the pointers, and what failed is tried again with one of the next. */
  follow(): void {
    if (this.copies === null || this.running !== undefined || this.mustWait) return;
    this.running = this.work(this.copies).finally(() => (this.running = undefined));
  }

  /**
   * After an erasure: removes what the storage no longer has. False: it could not be asked, and will be again.
   */
  async holdsOnlyStored(tenantId: TenantId): Promise<boolean> {
    const { copies } = this;
    if (copies === null) return true;
    if (this.mustWait) return false;
    const pointed = this.table.tenantOf(tenantId)?.pointer?.listFile;
    try {
      if (pointed !== undefined && !(await copies.has(pointed))) await copies.fetch(pointed);
      await removeUnneeded(copies, String(tenantId), pointed, Number.POSITIVE_INFINITY);
      return true;
    } catch (error) {
      this.pause(error);
      return false;
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    await this.running;
  }

  private get mustWait(): boolean {
    return Date.now() < this.pausedUntil;
  }

  private missing(): readonly ServedTenant[] {
    return this.table.tenants.filter(
      ({ tenantId, pointer }) => pointer !== undefined && this.here.get(tenantId) !== pointer.listFile,
    );
  }

  private async work(copies: ListCopies): Promise<void> {
    try {
      await this.pull(copies);
      if (this.isAway) this.logger.log('The storage of lists answers again.');
      this.isAway = false;
      if (Date.now() >= this.sweepAt) await this.sweep(copies);
    } catch (error) {
      this.pause(error);
    }
  }

  private pause(error: unknown): void {
    this.pausedUntil = Date.now() + RETRY_AFTER_MS;
    // Once per outage: what is missing is in the metrics all the time.
    if (!this.isAway)
      this.logger.warn({ err: error }, 'Lists cannot be fetched; those that are here go on serving.');
    this.isAway = true;
  }

  /** One file that is missing or damaged holds up no other; a storage that is away ends the attempt. */
  private async pull(copies: ListCopies): Promise<void> {
    const waiting = this.missing()[Symbol.iterator]();
    const errors: unknown[] = [];
    const lane = async () => {
      for (const tenant of waiting) {
        if (this.isStopping || errors.some((error) => error instanceof StorageAwayError)) return;
        await this.pullOne(copies, tenant).catch((error: unknown) => errors.push(error));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
    if (errors.length > 0) throw errors.find((error) => error instanceof StorageAwayError) ?? errors[0];
  }

  private async pullOne(copies: ListCopies, { tenantId, pointer }: ServedTenant): Promise<void> {
    if (pointer === undefined) return;
    if (!(await copies.has(pointer.listFile))) await copies.fetch(pointer.listFile);
    this.here.set(tenantId, pointer.listFile);
  }

  private async sweep(copies: ListCopies): Promise<void> {
    for (const folder of await copies.folders()) {
      if (this.isStopping) return;
      const pointed = this.table.tenantOf(Number(folder))?.pointer?.listFile;
      // What is older may be what is being served.
      if (pointed !== undefined && !(await copies.has(pointed))) continue;
      await removeUnneeded(copies, folder, pointed, GRACE_MS);
    }
    this.sweepAt = Date.now() + SWEEP_EVERY_MS;
  }
}

async function removeUnneeded(
  copies: ListCopies,
  folder: string,
  pointed: string | undefined,
  graceMs: number,
): Promise<void> {
  const others = (await copies.copies(folder)).filter(({ name }) => name !== pointed);
  if (others.length === 0) return;
  const stored = new Set((await copies.list(folder)).map(({ name }) => name));
  for (const { name, changedAt } of others) {
    const isOld = Date.now() - changedAt.getTime() > graceMs;
    if (isOld || !stored.has(name)) await copies.forget(name);
  }
}
