import { isInControlGroup } from './control-group.js';

const CUSTOMERS = Array.from({ length: 20_000 }, (_, index) => `c${index}`);
const group = (share: number, seed: number) => CUSTOMERS.filter((id) => isInControlGroup(id, share, seed));

test('is about as large as asked for, always the same, and only grows with the share', () => {
  const tenth = group(0.1, 1);
  // Four standard deviations of a binomial of 20,000 at 0.1.
  expect(Math.abs(tenth.length - 2_000)).toBeLessThan(170);
  expect(group(0.1, 1)).toEqual(tenth);
  const fifth = new Set(group(0.2, 1));
  expect(tenth.filter((id) => !fifth.has(id))).toEqual([]);
  expect(group(0, 1)).toEqual([]);
  expect(group(1, 1)).toHaveLength(CUSTOMERS.length);
});

test('another seed is another group', () => {
  const one = new Set(group(0.5, 1));
  const both = group(0.5, 2).filter((id) => one.has(id)).length;
  expect(Math.abs(both - 5_000)).toBeLessThan(250);
});

test('is the first six bytes of a SHA-256, as a share', () => {
  // printf 1:anna | sha256sum, its first twelve digits as a number, by 2^48: 0.14034.
  expect(isInControlGroup('anna', 0.1404, 1)).toBe(true);
  expect(isInControlGroup('anna', 0.1403, 1)).toBe(false);
});
