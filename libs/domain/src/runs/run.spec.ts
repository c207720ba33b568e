import { RUN_RETRIES, retryDelayMs } from './run.js';

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
