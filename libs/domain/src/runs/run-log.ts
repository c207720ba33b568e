import type { Run, RunStage } from './run.js';

/** What a stage says of itself, for people. It names no customer: a run outlives their erasure. */
export interface RunLogLine {
  readonly at: string;
  readonly message: string;
}

/** A stage that has said so much says no more; its end is still told. */
export const MOST_LOG_LINES = 200;
const LONGEST_LINE = 500;

export function logLine(message: string, at = new Date()): RunLogLine {
  // Postgres stores no NUL.
  return { at: at.toISOString(), message: message.replaceAll('\0', '\ufffd').slice(0, LONGEST_LINE) };
}

/** A run's log as a file. */
export function logText(run: Run, stages: readonly RunStage[]): string {
  const head = `run ${run.runId}, night ${run.night}, ${run.kind}, attempt ${run.attempt}, ${run.outcome ?? run.status}`;
  const lines = stages.flatMap(({ stage, log, error }) => [
    ...log.map(({ at, message }) => `${at} ${stage.padEnd(8)} ${message}`),
    ...(error === undefined ? [] : [`${''.padEnd(24)} ${stage.padEnd(8)} failed: ${error}`]),
  ]);
  return [head, ...lines, ''].join('\n');
}
