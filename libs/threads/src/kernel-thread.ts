import { runTask, type TaskName } from '#libs/algorithms';

/** What a thread of the pool does: one kernel task. Its inputs lie in shared memory. */
export function runKernel({ task, input }: { task: TaskName; input: unknown }): unknown {
  return runTask(task, input as never);
}
