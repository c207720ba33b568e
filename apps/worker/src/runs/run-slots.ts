/** Runs that share a thread: while one waits for the database or the disk, the other computes. */
export const RUNS_PER_THREAD = 2;

/** How many threads `slots` runs at a time need; so many of them compute at once. */
export function threadsFor(slots: number): number {
  return Math.ceil(slots / RUNS_PER_THREAD);
}
