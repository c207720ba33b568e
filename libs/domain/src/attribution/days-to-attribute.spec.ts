import { addDays, daysAround, daysToAttribute } from './days-to-attribute.js';

const range = (first: string, last = first) => ({ first, last });
const FEEDBACK = { feedback: range('2026-11-10'), imported: undefined };

test('an event changes the window before it and the window behind it', () => {
  expect(daysToAttribute(FEEDBACK, '2026-01-01', 7)).toEqual(range('2026-11-02', '2026-11-18'));
  expect(daysAround(range('2026-11-02', '2026-11-18'), 7)).toEqual(range('2026-10-25', '2026-11-26'));
});

test('nothing lies before the first feedback: old purchases change nothing', () => {
  expect(daysToAttribute(FEEDBACK, '2026-11-10', 7)).toEqual(range('2026-11-10', '2026-11-18'));
  const old = { feedback: undefined, imported: range('2009-12-01', '2011-12-09') };
  expect(daysToAttribute(old, '2026-11-10', 7)).toBeUndefined();
  const both = { ...FEEDBACK, imported: range('2009-12-01', '2026-11-12') };
  expect(daysToAttribute(both, '2026-11-09', 7)).toEqual(range('2026-11-09', '2026-11-20'));
  expect(daysToAttribute({ feedback: undefined, imported: undefined }, '2026-11-10', 7)).toBeUndefined();
});

test('days are added over months, years and leap days', () => {
  expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
  expect(addDays('2028-03-01', -1)).toBe('2028-02-29');
});
