import { Piscina } from 'piscina';
import type { ExecutionResult } from './run-execution.js';
import type { RunAnswer, RunTask, RunThreadData } from './run-thread.js';
import { RUNS_PER_THREAD, threadsFor } from './run-slots.js';
import { replay, type RunTally } from './run-tally.js';
import type { StopSignal } from './stop-signal.js';

/** Rows, lists and answers of the database die young; with the usual 16 MB most of them are copied once before they do. */
const YOUNG_GENERATION_MB = 256;
/** A large run is rare, and its thread holds threads of its own. */
const IDLE_MS = 60_000;

interface RunThreadsShape {
  readonly minThreads: number;
  readonly maxThreads: number;
  readonly concurrentTasksPerWorker: number;
  readonly idleTimeout?: number;
}

/**
 * Whole runs on threads of their own, from the claim to the published list. For a small tenant the way from the main thread to
 * the numerics and back costs more than the numerics; a large one's rows and matrices would keep the main thread from its leases.
 */
export class RunThreads {
  private readonly pool: Piscina;

  private constructor(
    shape: RunThreadsShape,
    workerData: RunThreadData,
    private readonly tally: RunTally,
  ) {
    this.pool = new Piscina({
      filename: new URL('./run-thread.js', import.meta.url).href,
      name: 'executeRun',
      ...shape,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
      // A thread that sleeps in Atomics.wait hears nothing of its sockets.
      atomics: 'disabled',
      workerData,
    });
  }

  /** Numerics stay on the thread of their run. */
  static forSmallRuns(slots: number, workerId: string, stop: StopSignal, tally: RunTally): RunThreads {
    const threads = threadsFor(slots);
    return new RunThreads(
      { minThreads: threads, maxThreads: threads, concurrentTasksPerWorker: RUNS_PER_THREAD },
      { workerId, stopCell: stop.cell, kernelThreads: 0 },
      tally,
    );
  }

  /** One run at a time, whose numerics use so many threads at once. Started when the first comes. */
  static forLargeRuns(
    kernelThreads: number,
    workerId: string,
    stop: StopSignal,
    tally: RunTally,
  ): RunThreads {
    return new RunThreads(
      { minThreads: 0, maxThreads: 1, concurrentTasksPerWorker: 1, idleTimeout: IDLE_MS },
      { workerId, stopCell: stop.cell, kernelThreads },
      tally,
    );
  }

  async execute(task: RunTask): Promise<ExecutionResult> {
    const { result, note } = (await this.pool.run(task)) as RunAnswer;
    replay(note, this.tally);
    return result;
  }

  /** Waits for what is being worked on: with the stop signal raised, for the end of its stage. */
  close(): Promise<void> {
    return this.pool.close();
  }
}
