/** About 100 bytes each, in two generations. */
const GENERATION = 200_000;

/** The newest event ids of this node, so that a batch sent twice is told so. Postgres decides; this is for the answer. */
export class KnownEvents {
  private young = new Set<string>();
  private old = new Set<string>();

  constructor(private readonly generation = GENERATION) {}

  /** False when it was known. */
  add(id: string): boolean {
    if (this.young.has(id) || this.old.has(id)) return false;
    if (this.young.size >= this.generation) {
      this.old = this.young;
      this.young = new Set();
    }
    this.young.add(id);
    return true;
  }

  forget(id: string): void {
    this.young.delete(id);
    this.old.delete(id);
  }
}
