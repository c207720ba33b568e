import { Injectable, Logger, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { ServingStateSource, type ServingState } from '#libs/domain';
import { Environment } from '#libs/config';
import { ListCopiesService } from '../lists/list-copies.service.js';
import { OpenListsService } from '../lists/open-lists.service.js';
import { ErasedCustomersService } from '../erasures/erased-customers.service.js';
import { OfferingsService } from '../offerings/offerings.service.js';
import { ServingMetrics } from '../metrics/serving-metrics.js';
import { PointerFile } from './pointer-file.js';
import { PointerTable } from './pointer-table.js';
import { within } from './within.js';

/** A database that accepts and then says nothing must not stop the next attempt. */
const ATTEMPT_TIMEOUT_MS = 5_000;
/** How long a start waits for the database before it goes on with what the disk has. */
const START_WAIT_MS = 2_000;

/** Keeps {@link PointerTable} as the database is: every POLL_MS, and at once when somebody says that it has changed. */
@Injectable()
export class PointerRefreshService implements OnModuleInit, BeforeApplicationShutdown {
  private readonly logger = new Logger(PointerRefreshService.name);
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private askedAgain = false;
  private stopped = false;
  private databaseAway = false;

  constructor(
    private readonly source: ServingStateSource,
    private readonly table: PointerTable,
    private readonly file: PointerFile,
    private readonly lists: OpenListsService,
    private readonly offerings: OfferingsService,
    private readonly erased: ErasedCustomersService,
    private readonly copies: ListCopiesService,
    private readonly metrics: ServingMetrics,
    private readonly environment: Environment,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.loadFromDisk();
    await this.offerings.loadFromDisk();
    await within(START_WAIT_MS, this.refresh()).catch(() => undefined);
    this.schedule();
  }

  beforeApplicationShutdown(): Promise<void> | undefined {
    this.stopped = true;
    clearTimeout(this.timer);
    return this.running;
  }

  get stopping(): boolean {
    return this.stopped;
  }

  /** Whether the last attempt has failed. */
  get away(): boolean {
    return this.databaseAway;
  }

  /** Asked while an attempt is under way, it makes another one afterwards: that attempt may have looked too early. */
  refresh(): Promise<void> {
    if (this.running !== undefined) {
      this.askedAgain = true;
      return this.running;
    }
    this.running = this.refreshUntilQuiet().finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  private async refreshUntilQuiet(): Promise<void> {
    do {
      this.askedAgain = false;
      await this.attempt();
    } while (this.askedAgain && !this.stopped);
  }

  private async attempt(): Promise<void> {
    const startedAt = Date.now();
    // Also while the database is away.
    await this.lists.dropChanged();
    try {
      const state = await within(ATTEMPT_TIMEOUT_MS, this.source.load(this.table.fingerprint));
      if (state === undefined) this.table.confirm(startedAt);
      else await this.accept(state, startedAt);
      void this.erased.follow();
      await within(ATTEMPT_TIMEOUT_MS, this.offerings.refresh());
      if (this.databaseAway) this.logger.log('The database answers again.');
      this.databaseAway = false;
    } catch (error) {
      this.metrics.refreshFailures.inc();
      // Once per outage: the age of the pointers is in the metrics all the time.
      if (!this.databaseAway)
        this.logger.warn({ err: error }, 'Pointers cannot be read; serving goes on with the last.');
      this.databaseAway = true;
    }
    this.copies.follow();
  }

  private async accept(state: ServingState, checkedAt: number): Promise<void> {
    this.table.replace(state, checkedAt);
    this.lists.follow(this.table.tenants);
    try {
      await this.file.save(state, checkedAt);
    } catch (error) {
      this.logger.error(
        { err: error },
        `${this.file.path} cannot be written: a start without the database would fail.`,
      );
    }
  }

  private async loadFromDisk(): Promise<void> {
    try {
      const stored = await this.file.load();
      if (stored !== undefined) this.table.replace({ ...stored.state }, stored.savedAt);
    } catch (error) {
      this.logger.error({ err: error }, `${this.file.path} cannot be used; waiting for the database.`);
    }
  }

  private schedule(): void {
    if (this.stopped) return;
    this.timer = setTimeout(
      () => void this.refresh().finally(() => this.schedule()),
      this.environment.POLL_MS,
    );
    this.timer.unref();
  }
}
