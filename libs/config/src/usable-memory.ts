import { totalmem } from 'node:os';

/**
 * What a process may use: the machine's memory, or its container's.
 * @param constrained limit of the control group: 0 or a huge number where there is none
 */
export function usableMemoryBytes(
  total: number = totalmem(),
  constrained: number = process.constrainedMemory(),
): number {
  return Math.min(total, constrained || Infinity);
}
