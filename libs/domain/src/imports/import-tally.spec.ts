import { ImportTally } from './import-tally.js';

const ERROR = { row: 1, index: 0, code: 'malformedJson', message: 'No JSON.' } as const;

function tallyOf(read: number, rejected: number): ImportTally {
  const tally = new ImportTally();
  tally.read = read;
  tally.reject([ERROR]);
  tally.rejected = rejected;
  return tally;
}

test.each([
  ['a short file without a good row', 99_999, 99_999],
  ['a long file with one good row in a hundred', 100_000, 99_000],
  ['nearly a million bad rows of many', 2_000_000, 999_999],
])('%s is read on', (_name, read, rejected) => {
  expect(() => tallyOf(read, rejected).checkWorthwhile()).not.toThrow();
});

test.each([
  ['a long file with hardly a good row', 100_000, 99_001],
  ['a million bad rows', 50_000_000, 1_000_000],
])('%s is given up', (_name, read, rejected) => {
  expect(() => tallyOf(read, rejected).checkWorthwhile()).toThrow(
    expect.objectContaining({ code: 'tooManyRejected', message: expect.stringContaining('Row 1: No JSON.') }),
  );
});
