/** What has lived for this long was well again: its next death starts a new row. */
const WELL_AFTER_MS = 60_000;
const QUICK_RESTARTS = 5;
const LONG_PAUSE_MS = 30_000;

/**
 * How long to wait before the next start: doubled from death to death, and after five deaths in a row half a minute each
 * time. Never for ever: what keeps a program from living (a full disk, a database that is away) may pass at night.
 */
export class RestartPauses {
  #deathsInARow = 0;
  #lastStart = Date.now();
  readonly #firstMs: number;
  readonly #longMs: number;

  constructor({ firstMs = 250, longMs = LONG_PAUSE_MS } = {}) {
    this.#firstMs = firstMs;
    this.#longMs = longMs;
  }

  noteStart(now = Date.now()): void {
    this.#lastStart = now;
  }

  /** To be asked once for each death. */
  next(now = Date.now()): number {
    if (now - this.#lastStart > WELL_AFTER_MS) this.#deathsInARow = 0;
    this.#deathsInARow += 1;
    return this.isLong ? this.#longMs : this.#firstMs * 2 ** (this.#deathsInARow - 1);
  }

  get isLong(): boolean {
    return this.#deathsInARow > QUICK_RESTARTS;
  }
}
