import { createHash } from 'node:crypto';
import { decodeArtifact, encodeArtifact } from './artifact-codec.js';

function bytesOf(value: object): Uint8Array<ArrayBuffer> {
  const chunks = [...encodeArtifact(value)];
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0));
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}
const roundTrip = <T extends object>(value: T) => decodeArtifact<T>(bytesOf(value));

const KINDS = [
  Int8Array,
  Uint8Array,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
];

describe('what comes back from an artifact', () => {
  it('is what went in: text of every kind, nested', () => {
    const value = {
      ids: ['a\tb', 'größer', '🙂', '', '\\N', '"'],
      deep: { list: [{ n: 1.5e-300 }, null, true] },
      $odd: 'name',
    };
    expect(roundTrip(value)).toEqual(value);
  });

  it.each(KINDS.map((kind) => [kind.name, kind] as const))(
    'is a %s with the same elements',
    (_name, Kind) => {
      for (const length of [0, 1, 7, 64, 1000]) {
        const array = new Kind(length).map((_, index) => (index * 37) % 128);
        const { before, array: decoded, after } = roundTrip({ before: new Uint8Array(3), array, after: 'x' });
        expect(decoded.constructor).toBe(Kind);
        expect(decoded).toEqual(array);
        expect([before, after]).toEqual([new Uint8Array(3), 'x']);
      }
    },
  );

  it('keeps the very bits of floating-point arrays', () => {
    const array = Float64Array.of(NaN, -0, Infinity, -Infinity, Number.MIN_VALUE, 0.1);
    expect(new Uint8Array(roundTrip({ array }).array.slice().buffer)).toEqual(new Uint8Array(array.buffer));
  });

  it('keeps the numbers that JSON cannot hold: a stage resumed elsewhere decides on the same numbers', () => {
    const value = { rmse: NaN, low: -Infinity, high: Infinity, zero: -0, list: [NaN, 1], plain: 0 };
    const decoded = roundTrip(value);
    expect(decoded).toEqual(value);
    expect(Object.is(decoded.zero, -0)).toBe(true);
    expect(Object.is(decoded.plain, 0)).toBe(true);
  });

  it('is only the part of a longer array that was given, also from shared memory', () => {
    const shared = new Int32Array(new SharedArrayBuffer(40)).map((_, index) => index);
    expect(roundTrip({ part: shared.subarray(2, 5) }).part).toEqual(Int32Array.of(2, 3, 4));
  });

  it('copies nothing: the arrays are views of the bytes', () => {
    const bytes = bytesOf({ array: Float64Array.of(1, 2) });
    const { array } = decodeArtifact<{ array: Float64Array }>(bytes);
    expect(array.buffer).toBe(bytes.buffer);
  });

  it('refuses an array that it could not give back, instead of turning it into an object', () => {
    expect(() => bytesOf({ array: Uint8ClampedArray.of(1) })).toThrow('Uint8ClampedArray');
    expect(() => bytesOf({ view: new DataView(new ArrayBuffer(8)) })).toThrow('DataView');
  });
});

describe('the bytes of an artifact', () => {
  const value = () => ({
    name: 'snapshot',
    a: Uint8Array.of(1, 2, 3),
    b: Float64Array.of(0.5),
    c: new Int16Array(0),
    d: Float32Array.of(1),
  });

  it('are the same for the same value', () => {
    expect(bytesOf(value())).toEqual(bytesOf(value()));
  });

  it('stay what they were: a kept model must be readable by the next release', () => {
    expect(createHash('sha256').update(bytesOf(value())).digest('hex')).toMatchInlineSnapshot(
      `"c9eae4d637093069db245d54b28ff1d98fc1cb9225dca6fe46f87361643b9b78"`,
    );
  });

  it('place every array at a multiple of 64, whatever the length of the text', () => {
    for (let length = 0; length < 130; length++) {
      const decoded = decodeArtifact<{ a: Uint8Array; b: Float64Array }>(
        bytesOf({ text: 'x'.repeat(length), a: Uint8Array.of(9), b: Float64Array.of(7) }),
      );
      expect([decoded.a.byteOffset % 64, decoded.b.byteOffset % 64]).toEqual([0, 0]);
      expect([decoded.a[0], decoded.b[0]]).toEqual([9, 7]);
    }
  });
});

describe('damaged bytes', () => {
  const corrupt = expect.objectContaining({ code: 'artifactCorrupt' });
  const whole = bytesOf({ text: 'hello', array: Float64Array.of(1, 2, 3) });

  it.each([0, 1, 8, 15, 16, 40, 63, 64, 80])('are told from an artifact when cut to %d bytes', (length) => {
    expect(() => decodeArtifact(whole.slice(0, length))).toThrow(corrupt);
  });

  it('are refused by their magic, also when only the version differs', () => {
    for (let index = 0; index < 8; index++) {
      const damaged = whole.slice();
      damaged[index] ^= 1;
      expect(() => decodeArtifact(damaged)).toThrow(corrupt);
    }
  });

  it('are refused when the text is not JSON', () => {
    const damaged = whole.slice();
    damaged[16] = 0;
    expect(() => decodeArtifact(damaged)).toThrow(corrupt);
  });

  it('do not read beyond their own end into memory behind them', () => {
    const larger = new Uint8Array(whole.length + 64);
    larger.set(whole);
    expect(() => decodeArtifact(larger.subarray(0, whole.length - 64))).toThrow(corrupt);
    expect(decodeArtifact<{ text: string }>(larger.subarray(0, whole.length)).text).toBe('hello');
  });
});
