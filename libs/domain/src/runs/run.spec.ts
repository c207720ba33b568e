import { isLate, RUN_RETRIES, retryDelayMs } from './run.js';

describe('retryDelayMs', () => {
  const longest = (attempt: number) => retryDelayMs(attempt, () => 1 - Number.EPSILON);

  it('doubles its bound with every attempt, up to the maximum', () => {
    expect([1, 2, 3, 4, 5].map(longest)).toEqual([2_000, 4_000, 8_000, 16_000, 32_000]);
    expect(longest(9)).toBe(300_000);
    expect(longest(5_000)).toBe(RUN_RETRIES.maximumDelayMs);
  });

  it('is spread over the whole range, so that failed runs do not return together', () => {
    expect(retryDelayMs(3, () => 0)).toBe(0);
    expect(retryDelayMs(3, () => 0.5)).toBe(4_000);
    expect(new Set(Array.from({ length: 100 }, () => retryDelayMs(5))).size).toBeGreaterThan(90);
  });

  it('takes an attempt that was never counted for the first', () => {
    expect(longest(0)).toBe(2_000);
  });
});

describe('isLate', () => {
  const deadline = new Date('2026-11-21T05:00:00Z');
  const [before, after] = [new Date(deadline.getTime() - 1), new Date(deadline.getTime() + 1)];

  it.each([
    ['succeeded', before, false],
    ['succeeded', deadline, false],
    ['succeeded', after, true],
    ['failed', before, true],
  ] as const)('a run that %s at %s', (status, finishedAt, late) => {
    expect(isLate({ deadline, status, finishedAt }, after)).toBe(late);
  });

  it('of an unfinished run goes by the clock, and is nothing without a deadline', () => {
    expect(isLate({ deadline, status: 'running', finishedAt: undefined }, before)).toBe(false);
    expect(isLate({ deadline, status: 'queued', finishedAt: undefined }, after)).toBe(true);
    expect(isLate({ deadline: undefined, status: 'queued', finishedAt: undefined }, after)).toBe(false);
  });
});
