import 'reflect-metadata';
import { workerData } from 'node:worker_threads';
import { NestFactory } from '@nestjs/core';
import { Logger } from 'nestjs-pino';
import { RunExecution, type ExecutionResult } from './run-execution.js';
import { RunThreadModule } from './run-thread.module.js';
import { NotedTally, type RunNote } from './run-tally.js';
import { StopSignal } from './stop-signal.js';

export interface RunThreadData {
  readonly workerId: string;
  readonly stopCell: Int32Array<SharedArrayBuffer>;
}

export interface RunTask {
  readonly tenantId: number;
  readonly runId: string;
}

export interface RunAnswer {
  readonly result: ExecutionResult;
  readonly note: RunNote;
}

// Loaded once for a thread's life, not once for a run.
const { workerId, stopCell } = workerData as RunThreadData;
const context = await NestFactory.createApplicationContext(
  RunThreadModule.forThread(workerId, new StopSignal(stopCell, true)),
  { bufferLogs: true, abortOnError: false },
);
context.useLogger(context.get(Logger));
const execution = context.get(RunExecution);
const tally = context.get(NotedTally);

/** What a thread for whole runs does. */
export async function executeRun({ tenantId, runId }: RunTask): Promise<RunAnswer> {
  const result = await execution.execute(tenantId, runId);
  return { result, note: tally.take() };
}
