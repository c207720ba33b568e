import { logLine, type RunLogLine } from '#libs/domain';

const EVERY_MS = 1_000;

/** Lines of a stage: written about once a second while it goes on, and what is left with its end. */
export class StageLog {
  private lines: RunLogLine[] = [];
  private last = performance.now();
  private writing: Promise<void> = Promise.resolve();

  constructor(private readonly write: (lines: readonly RunLogLine[]) => Promise<void>) {}

  add(message: string): void {
    this.lines.push(logLine(message));
    if (performance.now() - this.last < EVERY_MS) return;
    this.last = performance.now();
    const { lines } = this;
    this.lines = [];
    // For the eye: none of them can fail a stage.
    this.writing = this.writing.then(() => this.write(lines)).catch(() => undefined);
  }

  /** What has not been written yet, once everything else has been. */
  async take(): Promise<readonly RunLogLine[]> {
    const { lines } = this;
    this.lines = [];
    await this.writing;
    return lines;
  }
}
