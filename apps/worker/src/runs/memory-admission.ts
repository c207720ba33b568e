/**
 * Lets runs begin as far as their data fits beside what is running, in the order in which they came: a large one that waits is
 * not overtaken for ever by small ones.
 */
export class MemoryAdmission {
  private usedBytes = 0;
  private readonly waiting: { readonly bytes: number; readonly begin: () => void }[] = [];

  constructor(readonly limitBytes: number) {}

  fits(bytes: number): boolean {
    return bytes <= this.limitBytes;
  }

  /** Does the work once there is room. What never fits is let in alone: its run is to say what it lacks. */
  async within<T>(bytes: number, work: () => Promise<T>): Promise<T> {
    const taken = Math.min(bytes, this.limitBytes);
    if (this.waiting.length > 0 || this.usedBytes + taken > this.limitBytes)
      await new Promise<void>((begin) => this.waiting.push({ bytes: taken, begin }));
    else this.usedBytes += taken;
    try {
      return await work();
    } finally {
      this.usedBytes -= taken;
      this.letIn();
    }
  }

  private letIn(): void {
    for (let next = this.waiting[0]; next !== undefined; next = this.waiting[0]) {
      if (this.usedBytes + next.bytes > this.limitBytes) return;
      this.waiting.shift();
      this.usedBytes += next.bytes;
      next.begin();
    }
  }
}
