import { cutRows, cutRowsFor } from './row-blocks.js';

describe('cutRows', () => {
  it('closes a block as soon as it costs enough', () => {
    const costs = [3, 1, 1, 9, 2];
    expect(cutRows(5, (row) => costs[row], 4)).toEqual([
      { start: 0, end: 2 },
      { start: 2, end: 4 },
      { start: 4, end: 5 },
    ]);
    expect(cutRows(0, () => 1, 4)).toEqual([]);
  });
});

describe('cutRowsFor', () => {
  const sizes = (blocks: readonly { start: number; end: number }[]) =>
    blocks.map(({ start, end }) => end - start);

  it('gives each of two threads half of its part, then half of what is left, down to the least', () => {
    // 64 rows of cost 1: a quarter of what is left each time (rounded up to whole rows), at least 64 / 2 / 32 = 1.
    expect(sizes(cutRowsFor(2, 64, () => 1, 1000))).toEqual([16, 12, 9, 7, 5, 4, 3, 2, 2, 1, 1, 1, 1]);
  });

  it.each([1, 2, 3, 16])('covers every row once for %i threads, whatever the rows cost', (threads) => {
    const cost = (row: number) => 1 + ((row * 7919) % 101) ** 2;
    const blocks = cutRowsFor(threads, 1000, cost, 20_000);
    let next = 0;
    for (const { start, end } of blocks) {
      expect(start).toBe(next);
      expect(end).toBeGreaterThan(start);
      let sum = 0;
      for (let row = start; row < end - 1; row++) sum += cost(row);
      expect(sum).toBeLessThan(20_000);
      next = end;
    }
    expect(next).toBe(1000);
  });

  it('has nothing to cut where there are no rows', () => {
    expect(cutRowsFor(2, 0, () => 1, 10)).toEqual([]);
  });
});
