import { Logger } from '@nestjs/common';
import type { FleetRunRepository } from '#libs/domain';
import type { StopSignal } from './stop-signal.js';

/** For connections and queues to be closed in order after the runs are handed back. */
const CLOSING_MS = 3_000;
/** As a process ends that SIGTERM ends. */
const EXIT_CODE = 143;

/**
 * How a worker stops: it takes nothing new, finishes what it can within its grace period, and hands the rest back, so that another
 * worker takes it at once and not when a lease has run out.
 */
export class Drain {
  private readonly logger = new Logger(Drain.name);
  private readonly over = Promise.withResolvers<void>();

  constructor(
    private readonly workerId: string,
    private readonly graceMs: number,
    private readonly runs: FleetRunRepository,
    private readonly signal: StopSignal,
    private readonly exit: (code: number) => void = (code) => process.exit(code),
  ) {}

  /** Resolves once time is up and nothing is held any more; never, where everything ends in time. */
  get timeIsUp(): Promise<void> {
    return this.over.promise;
  }

  begin(): void {
    if (this.signal.isRaised) return;
    this.signal.raise();
    setTimeout(() => void this.end(), this.graceMs).unref();
  }

  private async end(): Promise<void> {
    this.signal.end();
    try {
      const handedBack = await this.runs.handBack(this.workerId);
      this.logger.log({ handedBack }, 'time is up, unfinished runs are handed back');
    } catch (error) {
      this.logger.warn({ err: error }, 'runs could not be handed back: their leases will run out');
    }
    this.over.resolve();
    // What still computes does not listen, and whatever it would write is refused.
    setTimeout(() => this.exit(EXIT_CODE), CLOSING_MS).unref();
  }
}
