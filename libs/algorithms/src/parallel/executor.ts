import type { TaskInput, TaskName, TaskOutput } from './tasks.js';
import { runTask } from './tasks.js';

/**
 * Where the heavy loops run. An implementation sends each input to a thread that calls `runTask(task, input)` and gives
 * the outputs back in the order of the inputs. Inputs hold plain objects and typed arrays over shared memory, so a
 * structured clone is cheap and results written by a thread are seen by all. How inputs are cut never depends on
 * `threads`, so neither does any result.
 */
export interface Executor {
  readonly threads: number;
  map<N extends TaskName>(task: N, inputs: readonly TaskInput<N>[]): Promise<TaskOutput<N>[]>;
}

/** Runs every task on the calling thread, one after the other. */
export class InlineExecutor implements Executor {
  readonly threads: number = 1;

  async map<N extends TaskName>(task: N, inputs: readonly TaskInput<N>[]): Promise<TaskOutput<N>[]> {
    return inputs.map((input) => runTask(task, input));
  }
}
