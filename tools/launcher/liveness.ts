// A process that is there need not be well: one that spins or hangs never exits, and nobody would start it again.
import { setTimeout as sleep } from 'node:timers/promises';

export interface LivenessOptions {
  url: string;
  intervalMs?: number;
  /** Of one question. */
  timeoutMs?: number;
  /** After a start, silence counts only once the program has answered, or after this time. */
  graceMs?: number;
}

export const FAILURES_IN_A_ROW = 3;

export async function answers(url: string, timeoutMs: number): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

/** Resolves with true when the program has stopped answering, with false when `signal` ends the watch. */
export async function hasGoneSilent(
  { url, intervalMs = 5_000, timeoutMs = 3_000, graceMs = 60_000 }: LivenessOptions,
  signal: AbortSignal,
): Promise<boolean> {
  const graceEnds = Date.now() + graceMs;
  let hasAnswered = false;
  for (let failures = 0; failures < FAILURES_IN_A_ROW;) {
    // Unreferenced: watching alone is no reason for the launcher to live.
    await sleep(intervalMs, undefined, { signal, ref: false }).catch(() => {});
    if (signal.aborted) return false;
    const isWell = await answers(url, timeoutMs);
    hasAnswered ||= isWell;
    failures = isWell || (!hasAnswered && Date.now() < graceEnds) ? 0 : failures + 1;
  }
  return !signal.aborted;
}
