import type { Executor } from './executor.js';
import type { TaskInput, TaskName } from './tasks.js';

/** Few enough that threads seldom wait for the last task of a slice. */
const SLICES = 10;

/** Runs tasks that write shared memory, a tenth of them after the other, and tells the finished share after each. */
export async function mapInSlices<N extends TaskName>(
  executor: Executor,
  task: N,
  inputs: readonly TaskInput<N>[],
  onSlice: (share: number) => void,
): Promise<void> {
  const size = Math.max(1, Math.ceil(inputs.length / SLICES));
  for (let at = 0; at < inputs.length; at += size) {
    await executor.map(task, inputs.slice(at, at + size));
    onSlice(Math.min(1, (at + size) / inputs.length));
  }
}
