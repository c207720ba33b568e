import { Readable } from 'node:stream';
import { checkShape, isDeeperThan } from './check-shape.js';

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

test.each([
  ['a stream', Readable.from(['a'])],
  ['a buffer', Buffer.from('a')],
  ['a map', new Map()],
])('%s is no body', (_name, value) => {
  expect(() => checkShape(value)).toThrow(expect.objectContaining({ code: 'malformedRequest' }));
});

test.each([
  ['nothing', undefined],
  ['a text', 'a'],
  ['an object without a prototype', Object.create(null)],
  ['a list', [1]],
  ['a hundred fields', Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`f${index}`, 1]))],
])('%s passes', (_name, value) => {
  expect(() => checkShape(value)).not.toThrow();
});

test('more than a hundred fields are too many, at any level', () => {
  const many = Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`f${index}`, 1]));
  expect(() => checkShape(many)).toThrow(expect.objectContaining({ code: 'tooManyFields' }));
  expect(() => checkShape({ events: [many] })).toThrow(expect.objectContaining({ code: 'tooManyFields' }));
});
