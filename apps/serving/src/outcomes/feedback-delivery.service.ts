import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { DurableFeedback, UnavailableError } from '#libs/domain';
import { ServingMetrics } from '../metrics/serving-metrics.js';
import { within } from '../pointers/within.js';

const LONGEST_PAUSE_MS = 5_000;
/** What came within this goes into one transaction: a quiet shop must not cost a commit for each click. */
const GATHER_MS = 50;
const ADOPT_EVERY_MS = 10_000;
/** How long a stopping node tries to hand over; the next one finds what is left. */
const LAST_TRY_MS = 3_000;

/** Brings feedback from this node's disk to the database, for as long as it takes. */
@Injectable()
export class FeedbackDeliveryService implements OnApplicationBootstrap {
  private readonly logger = new Logger(FeedbackDeliveryService.name);
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private adopting: NodeJS.Timeout | undefined;
  private failures = 0;

  constructor(
    private readonly feedback: DurableFeedback,
    private readonly metrics: ServingMetrics,
  ) {
    metrics.watchUndelivered(() => feedback.undeliveredBytes);
  }

  onApplicationBootstrap(): void {
    this.running = this.run();
    this.adopting = setInterval(() => {
      this.feedback.adopt().then(
        () => this.feedback.interrupt(),
        (error: unknown) => this.logger.error({ err: error }, 'Left feedback cannot be looked for.'),
      );
    }, ADOPT_EVERY_MS).unref();
  }

  /** After the last request. */
  async stop(): Promise<void> {
    clearInterval(this.adopting);
    this.stopping.abort();
    this.feedback.interrupt();
    await this.running;
    await within(LAST_TRY_MS, this.deliverRest()).catch((error: unknown) =>
      this.logger.warn({ err: error }, 'Feedback stays on the disk: the next node delivers it.'),
    );
    await this.feedback.close();
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      await this.feedback.untilWork();
      await this.pause(GATHER_MS);
      if (this.stopping.signal.aborted) return;
      try {
        await this.deliver();
        if (this.failures > 0) this.logger.log('Feedback is being delivered again.');
        this.failures = 0;
      } catch (error) {
        await this.noteFailure(error);
      }
    }
  }

  private async deliverRest(): Promise<void> {
    while (this.feedback.undeliveredBytes > 0) await this.deliver();
  }

  private async deliver(): Promise<void> {
    const { added, events, refused, isDamaged } = await this.feedback.deliverNext();
    this.metrics.deliveredRows.inc({ result: 'added' }, added);
    this.metrics.deliveredRows.inc({ result: 'alreadyThere' }, events - added - refused);
    this.metrics.deliveredRows.inc({ result: 'refused' }, refused);
    if (refused > 0)
      this.logger.error({ refused }, 'The database cannot hold some feedback: it was set aside.');
    if (isDamaged) this.logger.error('A part of the feedback on the disk cannot be read any more.');
  }

  private async noteFailure(error: unknown): Promise<void> {
    // Once per outage: what waits is in the metrics all the time.
    if (this.failures === 0) {
      const message = 'Feedback cannot be delivered; it waits on the disk.';
      if (error instanceof UnavailableError) this.logger.warn({ err: error }, message);
      else this.logger.error({ err: error }, message);
    }
    this.failures++;
    await this.pause(Math.min(LONGEST_PAUSE_MS, 100 * 2 ** Math.min(this.failures, 10)));
  }

  private async pause(milliseconds: number): Promise<void> {
    await sleep(milliseconds, undefined, { signal: this.stopping.signal, ref: false }).catch(() => undefined);
  }
}
