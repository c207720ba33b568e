import { setFlagsFromString } from 'node:v8';

/** How far a heap grows beyond what was alive after the last full collection, before the next. */
const GROWTH_PERCENT = 200;
/** With less, the engine's own thrift is worth more than the time. */
const ROOMY_MEMORY_BYTES = 8 * 2 ** 30;

/**
 * To be called before threads are started. A run's typed arrays live outside of the heap, and V8 collects everything whenever 64 MB
 * of them have come: every fifth run of a small tenant. Each full collection also throws away the optimised code of all functions
 * of which no instance is alive, which those made within a run never are; compiling them again took a tenth of the night. With
 * typed arrays counted as part of the heap, both grow in proportion to what is alive. See ADR 36.
 * @param memoryBytes what this process may use, with others
 */
export function useRoomyHeaps(memoryBytes: number): void {
  if (memoryBytes < ROOMY_MEMORY_BYTES) return;
  setFlagsFromString('--external-memory-accounted-in-global-limit');
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
}
