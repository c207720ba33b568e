import { checkHandlers } from './job-handlers.js';
import { JOBS, QUEUES, type JobName } from './job-registry.js';

const NAMES = Object.keys(JOBS) as JobName[];

describe('checkHandlers', () => {
  it('lets a process boot that handles every job once', () => {
    expect(() => checkHandlers(NAMES)).not.toThrow();
  });

  it('names a job that nobody handles', () => {
    expect(() => checkHandlers([])).toThrow(NAMES.join(', '));
  });

  it('names a job that two handle', () => {
    expect(() => checkHandlers([...NAMES, NAMES[0]])).toThrow(
      `More than one handler for the job ${NAMES[0]}`,
    );
  });
});

describe('the registry of jobs', () => {
  it('gives each attempt at a run a key of its own, without the colons that BullMQ refuses', () => {
    const key = (attempt: number, runId = '0b8f7f0e-0000-4000-8000-000000000001') =>
      JOBS['run-pipeline'].dedupeKey({ tenantId: 1, runId, attempt });
    expect(key(1)).toBe(key(1));
    expect(new Set([key(0), key(1), key(1, 'another')]).size).toBe(3);
    expect(key(1)).not.toContain(':');
  });

  it('knows every queue once', () => {
    expect(QUEUES).toEqual([...new Set(Object.values(JOBS).map(({ queue }) => queue))]);
  });
});
