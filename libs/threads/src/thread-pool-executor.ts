import { Piscina } from 'piscina';
import type { Executor, TaskInput, TaskName, TaskOutput } from '#libs/algorithms';
import { unpackError } from './carried-error.js';
import type { KernelAnswer } from './kernel-thread.js';

export type CpuListener = (task: TaskName, seconds: number) => void;

/** Runs kernel tasks on a pool of threads, so that the main thread stays free to renew its leases. */
export class ThreadPoolExecutor implements Executor {
  private readonly pool: Piscina;
  private readonly onCpu: CpuListener;
  private spentSeconds = 0;

  /** @param onCpu told what each task has cost */
  constructor(
    readonly threads: number,
    onCpu: CpuListener = () => undefined,
  ) {
    this.onCpu = onCpu;
    this.pool = new Piscina({
      filename: new URL('./kernel-thread.js', import.meta.url).href,
      name: 'runKernel',
      minThreads: threads,
      maxThreads: threads,
    });
  }

  map<N extends TaskName>(task: N, inputs: readonly TaskInput<N>[]): Promise<TaskOutput<N>[]> {
    return Promise.all(inputs.map((input) => this.runOne(task, input)));
  }

  /** CPU time inside tasks so far. */
  get cpuSeconds(): number {
    return this.spentSeconds;
  }

  close(): Promise<void> {
    return this.pool.close({ force: true });
  }

  private async runOne<N extends TaskName>(task: N, input: TaskInput<N>): Promise<TaskOutput<N>> {
    const answer = (await this.pool.run({ task, input })) as KernelAnswer;
    this.spentSeconds += answer.cpuMicros / 1e6;
    this.onCpu(task, answer.cpuMicros / 1e6);
    if ('refused' in answer) throw unpackError(answer.refused);
    return answer.output as TaskOutput<N>;
  }
}
