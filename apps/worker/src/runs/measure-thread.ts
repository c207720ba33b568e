import type { MeasureNumerics, NumericsPart } from '#libs/pipeline';

/**
 * Counts the CPU time of the thread while the work lasts. Numerics that stay on their thread await nothing but one another; those
 * that wait for kernel threads have a thread for their run alone. So nobody else's work comes in between.
 */
export function measureThread(count: (part: NumericsPart, seconds: number) => void): MeasureNumerics {
  return async (part, work) => {
    const before = process.threadCpuUsage();
    try {
      return await work();
    } finally {
      const { user, system } = process.threadCpuUsage(before);
      count(part, (user + system) / 1e6);
    }
  };
}

/** CPU time of this thread so far. */
export function threadCpuSeconds(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1e6;
}
