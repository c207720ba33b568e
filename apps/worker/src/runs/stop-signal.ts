const STOPPING = 1;
const OVER = 2;

/**
 * Says to all threads of this process that it is to stop: first that nothing new may begin, later that time is up.
 */
export class StopSignal {
  constructor(
    readonly cell: Int32Array<SharedArrayBuffer> = new Int32Array(new SharedArrayBuffer(4)),
    /** Runs here are small enough to be finished in the time that is left; otherwise they end with their stage. */
    private readonly finishesRuns = false,
  ) {}

  get isRaised(): boolean {
    return Atomics.load(this.cell, 0) >= STOPPING;
  }

  get mayGoOn(): boolean {
    return this.finishesRuns ? Atomics.load(this.cell, 0) < OVER : !this.isRaised;
  }

  raise(): void {
    Atomics.store(this.cell, 0, STOPPING);
  }

  end(): void {
    Atomics.store(this.cell, 0, OVER);
  }
}
