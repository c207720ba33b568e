import {
  algorithms,
  AlgorithmRangeError,
  datasetShapeOf,
  InlineExecutor,
  trainingSetOfPairs,
} from '#libs/algorithms';
import { NotEnoughMemoryError } from '#libs/domain';
import { asMemoryError, checkFitMemory } from './fit-memory.js';
import { fitRecipe, PLAIN_PARTS, type FittedModels } from './recipes.js';

const context = { seed: 1, executor: new InlineExecutor() };
const training = trainingSetOfPairs({
  customerCount: 30,
  productCount: 15,
  customers: Int32Array.from({ length: 180 }, (_, e) => e % 30),
  products: Int32Array.from({ length: 180 }, (_, e) => (e * 7 + (e % 30)) % 15),
});

describe('memory of a night’s fits', () => {
  it('may be what the algorithm’s estimate says for the parameters that the fit takes, and no less', () => {
    const bytes = algorithms.ials.estimateMemoryBytes(datasetShapeOf(training), {
      ...algorithms.ials.defaults,
      factors: 128,
    });
    expect(() => checkFitMemory('ials', {}, training, {}, bytes)).not.toThrow();
    const few = Math.floor(bytes) - 1;
    expect(() => checkFitMemory('ials', {}, training, {}, few)).toThrow(
      expect.objectContaining({
        code: 'notEnoughMemory',
        message: expect.stringContaining(`there are ${few.toLocaleString('en-US')} bytes`),
      }),
    );
    expect(() => checkFitMemory('ials', { factors: 200 }, training, {}, bytes)).toThrow('Fitting ials');
  });

  it('is a copy of its parts for the plain hybrid, which cannot do without one of them', async () => {
    const fitted: FittedModels = {};
    for (const name of PLAIN_PARTS) fitted[name] = await fitRecipe(name, {}, training, fitted, context);
    const bytes = PLAIN_PARTS.reduce((sum, name) => sum + (fitted[name]?.serialize().length ?? 0), 0);
    expect(() => checkFitMemory('hybrid', {}, training, fitted, bytes)).not.toThrow();
    expect(() => checkFitMemory('hybrid', {}, training, fitted, bytes - 1)).toThrow(NotEnoughMemoryError);
    const without = { ...fitted, ials: undefined };
    expect(() => checkFitMemory('hybrid', {}, training, without, bytes)).toThrow(/left out: ials\.$/);
  });
});

describe('asMemoryError', () => {
  it('turns what the kernels’ memory refuses into a lack of memory, and nothing else', () => {
    const refusal = new AlgorithmRangeError(
      'MEMORY_EXCEEDED',
      'memory',
      '5 bytes are needed, the limit is 4',
    );
    expect(asMemoryError(refusal, 'Stage rank')).toMatchObject({
      code: 'notEnoughMemory',
      retryable: false,
      message: 'Stage rank: 5 bytes are needed, the limit is 4.',
    });
    const other = new AlgorithmRangeError('SHAPE_MISMATCH', 'a', 'b');
    expect(asMemoryError(other, 'Stage rank')).toBe(other);
  });
});
