import { InlineExecutor, type Executor } from '#libs/algorithms';
import { ThreadPoolExecutor } from './thread-pool-executor.js';

/** One thread is the one that we are on; more are a pool, to be closed. Results are the same. */
export function createExecutor(threads: number): Executor & { close(): Promise<void> } {
  if (threads > 1) return new ThreadPoolExecutor(threads);
  return Object.assign(new InlineExecutor(), { close: () => Promise.resolve() });
}
