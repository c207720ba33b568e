import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import type { Executor, TaskInput, TaskName, TaskOutput } from '#libs/algorithms';
import { InlineExecutor, runTask } from '#libs/algorithms';

if (!isMainThread) {
  parentPort?.on('message', ({ task, input, index }) => {
    parentPort?.postMessage({ index, output: runTask(task, input) });
  });
}

/** A minimal executor over worker threads, for benches; the product's own uses a thread pool library. */
export class ThreadExecutor implements Executor {
  readonly threads: number;
  private readonly workers: Worker[];

  constructor(threads: number) {
    this.threads = threads;
    this.workers = Array.from({ length: threads }, () => new Worker(new URL(import.meta.url)));
  }

  map<N extends TaskName>(task: N, inputs: readonly TaskInput<N>[]): Promise<TaskOutput<N>[]> {
    const outputs: TaskOutput<N>[] = new Array(inputs.length);
    let next = 0;
    const drain = (worker: Worker) =>
      new Promise<void>((resolve, reject) => {
        const receive = (message: { index: number; output: TaskOutput<N> }) => {
          outputs[message.index] = message.output;
          send();
        };
        const send = () => {
          if (next < inputs.length) {
            const index = next++;
            worker.postMessage({ task, input: inputs[index], index });
            return;
          }
          worker.off('message', receive).off('error', reject);
          resolve();
        };
        worker.on('message', receive).on('error', reject);
        send();
      });
    return Promise.all(this.workers.map(drain)).then(() => outputs);
  }

  close(): Promise<unknown> {
    return Promise.all(this.workers.map((worker) => worker.terminate()));
  }
}

export function executorWith(threads: number): Executor & { close?: () => Promise<unknown> } {
  return threads > 1 ? new ThreadExecutor(threads) : new InlineExecutor();
}
