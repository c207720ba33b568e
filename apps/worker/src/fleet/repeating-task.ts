import { Logger } from '@nestjs/common';

/** Does something again and again, never twice at once, and goes on after a failure. */
export class RepeatingTask {
  private readonly logger = new Logger(RepeatingTask.name);
  private timer: NodeJS.Timeout | undefined;
  private current: Promise<void> = Promise.resolve();
  private stopped = false;
  private failing = false;

  constructor(
    private readonly name: string,
    private readonly everyMs: number,
    private readonly work: () => Promise<unknown>,
  ) {}

  start(): void {
    if (this.everyMs > 0) this.schedule(0);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.current;
  }

  /** Now instead of at the next beat; while it works already, or before it has started, the next beat will do. */
  soon(): void {
    if (this.timer === undefined || this.stopped) return;
    clearTimeout(this.timer);
    this.schedule(0);
  }

  private schedule(delayMs: number): void {
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.current = this.once().finally(() => {
        if (!this.stopped) this.schedule(this.everyMs);
      });
    }, delayMs);
  }

  private async once(): Promise<void> {
    try {
      await this.work();
      if (this.failing) this.logger.log({ task: this.name }, 'works again');
      this.failing = false;
    } catch (error) {
      // Said once per outage: a line every second would bury everything else.
      if (!this.failing) this.logger.warn({ task: this.name, err: error }, 'failed, will be tried again');
      this.failing = true;
    }
  }
}
