import 'reflect-metadata';
import { workerData } from 'node:worker_threads';
import { NestFactory } from '@nestjs/core';
import { Logger } from 'nestjs-pino';
import { NotEnoughMemoryError } from '#libs/domain';
import { RunExecution, type ExecutionResult } from './run-execution.js';
import { RunThreadModule } from './run-thread.module.js';
import { NotedTally, type RunNote } from './run-tally.js';
import { StopSignal } from './stop-signal.js';

export interface RunThreadData {
  readonly workerId: string;
  readonly stopCell: Int32Array<SharedArrayBuffer>;
  /** Threads for the numerics of its runs; 0: they stay on this one. */
  readonly kernelThreads: number;
}

export interface RunTask {
  readonly tenantId: number;
  readonly runId: string;
  /** Its data is more than the worker holds: the run is to fail, and to say so. */
  readonly tooLarge?: { readonly neededBytes: number; readonly limitBytes: number };
}

export interface RunAnswer {
  readonly result: ExecutionResult;
  readonly note: RunNote;
}

// Loaded once for a thread's life, not once for a run.
const { workerId, stopCell, kernelThreads } = workerData as RunThreadData;
// Runs whose numerics stay here are small enough to be finished by a worker that stops.
const stop = new StopSignal(stopCell, kernelThreads === 0);
const context = await NestFactory.createApplicationContext(
  RunThreadModule.forThread(workerId, stop, kernelThreads),
  { bufferLogs: true, abortOnError: false },
);
context.useLogger(context.get(Logger));
const execution = context.get(RunExecution);
const tally = context.get(NotedTally);

/** What a thread for whole runs does. */
export async function executeRun({ tenantId, runId, tooLarge }: RunTask): Promise<RunAnswer> {
  const result = await execution.execute(tenantId, runId, () => {
    if (tooLarge) throw NotEnoughMemoryError.toHold(tooLarge.neededBytes, tooLarge.limitBytes);
  });
  return { result, note: tally.take() };
}
