import 'reflect-metadata';
import { readEnvironment } from './environment.js';
import { usableMemoryBytes } from './usable-memory.js';

describe('memory that may be used', () => {
  it.each([
    ['no control group', 0, 1000],
    ['a control group without a limit', 2 ** 63, 1000],
    ['a container', 400, 400],
  ])('with %s', (_, constrained, expected) => {
    expect(usableMemoryBytes(1000, constrained)).toBe(expected);
  });

  it('is half for fits unless somebody says otherwise', () => {
    const half = Math.floor(usableMemoryBytes() / 2 ** 20 / 2);
    expect(readEnvironment({}).WORKER_MEMORY_MB).toBe(half);
    expect(readEnvironment({ WORKER_MEMORY_MB: '300' }).WORKER_MEMORY_MB).toBe(300);
    for (const wrong of ['0', '1.5', 'plenty'])
      expect(() => readEnvironment({ WORKER_MEMORY_MB: wrong })).toThrow('WORKER_MEMORY_MB');
  });
});
