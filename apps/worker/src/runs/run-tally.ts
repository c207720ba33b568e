import type { StageName } from '#libs/domain';

/** What runs tell of themselves: to the process's metrics, or to a note that a thread sends there. */
export interface RunTally {
  countRun(outcome: string): void;
  observeStage(stage: StageName, seconds: number): void;
  /** CPU time inside the numerics. */
  countKernel(task: string, seconds: number): void;
}

/** A note as plain data, for a message between threads. */
export interface RunNote {
  readonly runs: readonly string[];
  readonly stages: readonly (readonly [StageName, number])[];
  readonly kernels: readonly (readonly [string, number])[];
}

export class NotedTally implements RunTally {
  private runs: string[] = [];
  private stages: [StageName, number][] = [];
  private kernels: [string, number][] = [];

  countRun(outcome: string): void {
    this.runs.push(outcome);
  }

  observeStage(stage: StageName, seconds: number): void {
    this.stages.push([stage, seconds]);
  }

  countKernel(task: string, seconds: number): void {
    this.kernels.push([task, seconds]);
  }

  /** Everything since the last time. */
  take(): RunNote {
    const { runs, stages, kernels } = this;
    [this.runs, this.stages, this.kernels] = [[], [], []];
    return { runs, stages, kernels };
  }
}

export function replay({ runs, stages, kernels }: RunNote, tally: RunTally): void {
  for (const outcome of runs) tally.countRun(outcome);
  for (const [stage, seconds] of stages) tally.observeStage(stage, seconds);
  for (const [task, seconds] of kernels) tally.countKernel(task, seconds);
}
