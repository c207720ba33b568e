/** Kernel tasks on a pool of threads, for every program that trains or ranks. */
export { ThreadPoolExecutor, type CpuListener } from './thread-pool-executor.js';
export { createExecutor } from './create-executor.js';
