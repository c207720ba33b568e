import { runTask, type TaskName } from '#libs/algorithms';
import { packError, type CarriedError } from './carried-error.js';

/** What a thread of the pool does: one kernel task. Its inputs lie in shared memory. */
export function runKernel({ task, input }: { task: TaskName; input: unknown }): KernelAnswer {
  const before = process.threadCpuUsage();
  const answer = answerOf(task, input);
  const { user, system } = process.threadCpuUsage(before);
  return { ...answer, cpuMicros: user + system };
}

function answerOf(task: TaskName, input: unknown): Answer {
  try {
    return { output: runTask(task, input as never) };
  } catch (error) {
    const refused = packError(error);
    if (refused === undefined) throw error;
    return { refused };
  }
}

type Answer = { readonly output: unknown } | { readonly refused: CarriedError };
/** With the CPU time that the thread has spent on it. */
export type KernelAnswer = Answer & { readonly cpuMicros: number };
