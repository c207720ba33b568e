import { algorithms, InlineExecutor, trainingSetOfPairs } from '#libs/algorithms';
import { checkMemory, inMemory } from './fit-memory.js';

/** Two million customers, of whom one has bought something: factors for all of them do not fit a kernel memory. */
const training = trainingSetOfPairs({
  customerCount: 2 ** 21 + 1,
  productCount: 1,
  customers: Int32Array.of(0),
  products: Int32Array.of(0),
});
const params = algorithms.ials.validate({ factors: 512 });
const tools = { executor: new InlineExecutor(), note: () => undefined };

describe('memory of a fit', () => {
  it('is refused before anything is allocated, with what is needed and what there is', () => {
    const check = (memoryBytes: number) =>
      checkMemory(algorithms.ials, params, training, { ...tools, memoryBytes });
    const message =
      /^Fitting ials may need 4,\d\d\d,\d\d\d,\d\d\d bytes \(4,\d\d\d MB\); there are 2,147,483,648 bytes \(2,048 MB\)\.$/;
    expect(() => check(2 ** 31)).toThrow(
      expect.objectContaining({ code: 'notEnoughMemory', message: expect.stringMatching(message) }),
    );
    expect(() => check(2 ** 34)).not.toThrow();
  });

  it('is refused by the kernels above what they can address, as a sentence with a code', async () => {
    const fit = () => algorithms.ials.fit(training, params, { ...tools, seed: 1 });
    await expect(inMemory('Fitting ials', fit)).rejects.toMatchObject({
      code: 'notEnoughMemory',
      message: expect.stringMatching(/^Fitting ials: 4\d{9} bytes are needed, the limit is 4294967296\.$/),
    });
    const other = new RangeError('something else');
    await expect(inMemory('Fitting ials', () => Promise.reject(other))).rejects.toBe(other);
  });
});
