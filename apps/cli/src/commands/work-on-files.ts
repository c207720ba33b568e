import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { usableMemoryBytes } from '#libs/config';
import { NightshiftError } from '#libs/domain';
import type { EvaluationTools } from '#libs/offline';
import { createExecutor } from '#libs/threads';
import { describeError } from '../output/describe-error.js';
import type { OfflineContext } from './command-runner.js';
import { parseWholeNumber } from './option-parsers.js';

const MISUSED = 2;
const FAILED = 1;
const MAXIMUM_THREADS = 64;
const MAXIMUM_SEED = 2 ** 32 - 1;
const MAXIMUM_SECONDS = 86_400;

export const parseSeconds = parseWholeNumber(0, MAXIMUM_SECONDS);

/** What every command has that computes on files. */
export function addRunOptions(command: Command): Command {
  const threads = parseWholeNumber(1, MAXIMUM_THREADS);
  return command
    .option('--threads <number>', 'results do not depend on it', threads, availableParallelism())
    .option('--seed <number>', 'of whatever is random', parseWholeNumber(0, MAXIMUM_SEED), 1);
}

/** Of the whole process: threads share its memory. */
export function peakRssMb(): number {
  return Math.round(process.resourceUsage().maxRSS / 1024);
}

/** Works with a pool of threads and gives it back; a refusal is said with its code, and becomes the exit code. */
export async function workOnFiles(
  options: { readonly threads: number; readonly json?: boolean },
  { output }: OfflineContext,
  work: (tools: EvaluationTools) => Promise<void>,
): Promise<number> {
  const executor = createExecutor(options.threads);
  try {
    await work({ executor, memoryBytes: usableMemoryBytes(), note: (text) => output.note(text) });
    return 0;
  } catch (error) {
    if (!(error instanceof NightshiftError)) throw error;
    const { code, message, kind, details } = error;
    output.note(`${describeError(error)}\ncode: ${code}`);
    if (options.json === true) output.json({ error: { code, message, fields: details.fields ?? [] } });
    return kind === 'invalid' ? MISUSED : FAILED;
  } finally {
    await executor.close();
  }
}
