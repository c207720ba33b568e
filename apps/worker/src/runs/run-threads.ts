import { Piscina } from 'piscina';
import type { ExecutionResult } from './run-execution.js';
import type { RunAnswer, RunTask, RunThreadData } from './run-thread.js';
import { RUNS_PER_THREAD, threadsFor } from './run-slots.js';
import { replay, type RunTally } from './run-tally.js';
import type { StopSignal } from './stop-signal.js';

/** Rows, lists and answers of the database die young; with the usual 16 MB most of them are copied once before they do. */
const YOUNG_GENERATION_MB = 96;

/**
 * Whole runs on threads of their own, from the claim to the published list. For a small tenant the way from the main thread to
 * the numerics and back costs more than the numerics.
 */
export class RunThreads {
  private readonly pool: Piscina;

  constructor(
    /** Runs at a time. */
    slots: number,
    workerId: string,
    stop: StopSignal,
    private readonly tally: RunTally,
  ) {
    const workerData: RunThreadData = { workerId, stopCell: stop.cell };
    const threads = threadsFor(slots);
    this.pool = new Piscina({
      filename: new URL('./run-thread.js', import.meta.url).href,
      name: 'executeRun',
      minThreads: threads,
      maxThreads: threads,
      concurrentTasksPerWorker: RUNS_PER_THREAD,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
      // A thread that sleeps in Atomics.wait hears nothing of its sockets.
      atomics: 'disabled',
      workerData,
    });
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
