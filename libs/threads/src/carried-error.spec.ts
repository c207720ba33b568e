import { AlgorithmRangeError, ModelFormatError } from '#libs/algorithms';
import { packError, unpackError } from './carried-error.js';
import { runKernel } from './kernel-thread.js';

/** As a message between threads carries it. */
const carried = <T>(value: T): T => structuredClone(value);

describe('errors of tasks', () => {
  it.each([
    new AlgorithmRangeError('NOT_POSITIVE_DEFINITE', 'regularisation', 'is too small: 0'),
    new ModelFormatError('MODEL_CORRUPT', 'the file: it is cut short'),
  ])('keep class, code and field of %s', (error) => {
    const packed = packError(error);
    if (packed === undefined) throw new Error('not packed');
    const unpacked = unpackError(carried(packed));
    expect(unpacked).toBeInstanceOf(error.constructor);
    expect({ ...unpacked, message: unpacked.message }).toEqual({ ...error, message: error.message });
  });

  it('are answers of the thread where they have a code, and thrown where they have none', () => {
    const model = new Uint8Array(new SharedArrayBuffer(64));
    const answer = carried(runKernel({ task: 'rank-customers', input: { model } }));
    expect(answer).toEqual({
      refused: { code: 'MODEL_CORRUPT', message: expect.stringContaining('model') },
      cpuMicros: expect.any(Number),
    });
    expect(() => runKernel({ task: 'rank-customers', input: undefined })).toThrow(TypeError);
    expect(packError(new RangeError('of somebody else'))).toBeUndefined();
  });
});
