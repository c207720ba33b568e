import { fromWallTime, toWallTime } from './zoned-time.js';

test.each([
  ['2026-12-24T18:00', 'Europe/Berlin', '2026-12-24T18:00:00+01:00'],
  ['2026-07-01T00:00', 'Europe/Berlin', '2026-07-01T00:00:00+02:00'],
  ['2026-07-01T00:00', 'America/New_York', '2026-07-01T00:00:00-04:00'],
  ['2026-07-01T00:00', 'Asia/Kathmandu', '2026-07-01T00:00:00+05:45'],
  ['2026-07-01T00:00', 'UTC', '2026-07-01T00:00:00+00:00'],
])('%s in %s is %s, and back', (wall, zone, moment) => {
  expect(fromWallTime(wall, zone)).toBe(moment);
  expect(toWallTime(moment, zone)).toBe(wall);
});

test('a time that the change to summer time leaves out is one hour later', () => {
  expect(fromWallTime('2026-03-29T02:30', 'Europe/Berlin')).toBe('2026-03-29T03:30:00+02:00');
});

test('of a time that comes twice the first is meant', () => {
  expect(fromWallTime('2026-10-25T02:30', 'Europe/Berlin')).toBe('2026-10-25T02:30:00+02:00');
});

test.each([['2026-13-01T00:00'], [''], ['tomorrow']])('%j is no time', (text) => {
  expect(fromWallTime(text, 'Europe/Berlin')).toBeUndefined();
});

test('a moment that cannot be read is shown as none', () => {
  expect([toWallTime('soon', 'UTC'), toWallTime(undefined, 'UTC')]).toEqual(['', '']);
});
