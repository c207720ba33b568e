import type { Executor, FitContext, IalsParams, TaskInput, TaskName, TrainingSet } from '#libs/algorithms';
import { algorithms } from '#libs/algorithms';

const MOST_SWEEPS = 100;

/** A fit of ials that stands still between its sweeps, so that another side can be timed in between. */
export class SteppedFit {
  /** Of customers, then of products; written by each sweep. */
  readonly vectors: Float32Array[] = [];
  stride = 0;
  private release: () => void = () => {};
  private turn = Promise.resolve();
  private arrive: () => void = () => {};
  private readonly ended: Promise<unknown>;

  constructor(training: TrainingSet, params: Omit<IalsParams, 'sweeps'>, context: FitContext) {
    this.stop();
    const onProgress = () => {
      this.stop();
      this.arrive();
    };
    const executor = this.gate(context.executor);
    const withSweeps = { ...params, sweeps: MOST_SWEEPS };
    this.ended = algorithms.ials.fit(training, withSweeps, { ...context, executor, onProgress });
  }

  /** Runs one sweep; never called again, a fit is garbage like anything else. */
  async step(): Promise<void> {
    const arrived = new Promise<void>((resolve) => (this.arrive = resolve));
    this.release();
    await Promise.race([arrived, this.ended]);
  }

  private stop(): void {
    this.turn = new Promise((resolve) => (this.release = resolve));
  }

  /** Each sweep begins with a task: that is where it waits. */
  private gate(executor: Executor): Executor {
    return {
      threads: executor.threads,
      map: async (task, inputs) => {
        await this.turn;
        this.watch(task, inputs);
        return executor.map(task, inputs);
      },
    };
  }

  private watch<N extends TaskName>(task: N, inputs: readonly TaskInput<N>[]): void {
    if (task !== 'solve-rows' || this.vectors.length === 2) return;
    const { solved, stride } = inputs[0] as TaskInput<'solve-rows'>;
    this.stride = stride;
    this.vectors.push(solved.vectors);
  }
}
