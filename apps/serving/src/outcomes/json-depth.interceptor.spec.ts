import { isDeeperThan } from './json-depth.interceptor.js';

test.each([
  ['nothing', undefined, false],
  ['a flat row', { a: 1, b: 'x', c: null }, false],
  ['as deep as allowed', { a: { b: {} } }, false],
  ['one too deep', { a: { b: { c: {} } } }, true],
  ['lists count too', [[[[]]]], true],
])('%s', (_name, value, expected) => {
  expect(isDeeperThan(value, 2)).toBe(expected);
});

test('depth costs no stack', () => {
  expect(isDeeperThan(JSON.parse('['.repeat(500_000) + ']'.repeat(500_000)), 8)).toBe(true);
});
