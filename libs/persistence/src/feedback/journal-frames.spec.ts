import fc from 'fast-check';
import { decodeFrames, encodeFrame } from './journal-frames.js';

const texts = (bytes: Buffer, start = 0) => decodeFrames(bytes, start).payloads.map(String);
const FRAMES = ['one', 'two', 'three'].map((text) => encodeFrame(Buffer.from(text)));
const WHOLE = Buffer.concat(FRAMES);

test('a frame is its length, its CRC-32 and its payload', () => {
  // CRC-32 of "123456789" is cbf43926: the check value of the algorithm's catalogue.
  expect(encodeFrame(Buffer.from('123456789')).toString('hex')).toBe('090000002639f4cb313233343536373839');
});

test('frames come back in order, also from the middle', () => {
  expect(texts(WHOLE)).toEqual(['one', 'two', 'three']);
  expect(texts(WHOLE, FRAMES[0].length)).toEqual(['two', 'three']);
  expect(decodeFrames(WHOLE).end).toBe(WHOLE.length);
});

test('a torn tail is left, wherever it was torn', () => {
  const beforeLast = FRAMES[0].length + FRAMES[1].length;
  for (let length = beforeLast; length < WHOLE.length; length++) {
    const torn = WHOLE.subarray(0, length);
    expect([texts(torn), decodeFrames(torn).end]).toEqual([['one', 'two'], beforeLast]);
  }
});

test('a changed byte is never taken for a payload', () => {
  fc.assert(
    fc.property(fc.nat(WHOLE.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const changed = Buffer.from(WHOLE);
      changed[at] ^= change;
      const found = texts(changed);
      expect(['one', 'two', 'three'].slice(0, found.length)).toEqual(found);
      expect(found.length).toBeLessThan(3);
    }),
  );
});

test('zeros behind the end, which some file systems leave after a crash, are no payload', () => {
  for (const zeros of [3, 8, 4096])
    expect(texts(Buffer.concat([WHOLE, Buffer.alloc(zeros)]))).toEqual(['one', 'two', 'three']);
  expect(decodeFrames(Buffer.from('ffffffff00000000', 'hex')).isDamaged).toBe(true);
});
