import { runTask, type TaskName } from '#libs/algorithms';
import { packError, type CarriedError } from './carried-error.js';

/** What a thread of the pool does: one kernel task. Its inputs lie in shared memory. */
export function runKernel({ task, input }: { task: TaskName; input: unknown }): KernelAnswer {
  try {
    return { output: runTask(task, input as never) };
  } catch (error) {
    const refused = packError(error);
    if (refused === undefined) throw error;
    return { refused };
  }
}

export type KernelAnswer = { readonly output: unknown } | { readonly refused: CarriedError };
