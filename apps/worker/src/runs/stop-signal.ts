/** Says to all threads of this process that runs are to end with their stage. */
export class StopSignal {
  constructor(readonly cell: Int32Array<SharedArrayBuffer> = new Int32Array(new SharedArrayBuffer(4))) {}

  get isRaised(): boolean {
    return Atomics.load(this.cell, 0) !== 0;
  }

  raise(): void {
    Atomics.store(this.cell, 0, 1);
  }
}
