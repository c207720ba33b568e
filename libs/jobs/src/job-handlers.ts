import { JOBS, type JobName } from './job-registry.js';

/**
 * Refuses to boot with a job that nobody handles or that two handle: either would only show in the night.
 * @throws Error naming the jobs
 */
export function checkHandlers(handled: readonly JobName[]): void {
  const missing = Object.keys(JOBS).filter((name) => !handled.includes(name as JobName));
  const double = handled.filter((name, index) => handled.indexOf(name) !== index);
  if (missing.length > 0) throw new Error(`No handler for the job ${missing.join(', ')}.`);
  if (double.length > 0) throw new Error(`More than one handler for the job ${double.join(', ')}.`);
}
