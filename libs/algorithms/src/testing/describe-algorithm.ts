import type { Executor } from '../parallel/executor.js';
import { InlineExecutor } from '../parallel/executor.js';
import type { TaskInput, TaskName, TaskOutput } from '../parallel/tasks.js';
import { runTask } from '../parallel/tasks.js';
import { rankCustomers } from '../ranking/rank-customers.js';
import type { Algorithm, Model } from '../models/algorithm.js';
import { loadModel } from '../models/registry.js';
import { groupedTrainingSet } from './grouped-events.js';

/** Claims many threads and finishes tasks in the reverse order, on cloned inputs as a message to a thread would be. */
class BackwardExecutor implements Executor {
  readonly threads: number = 7;

  async map<N extends TaskName>(task: N, inputs: readonly TaskInput<N>[]): Promise<TaskOutput<N>[]> {
    const outputs: TaskOutput<N>[] = [];
    for (let i = inputs.length - 1; i >= 0; i--) outputs[i] = runTask(task, { ...inputs[i] });
    return outputs;
  }
}

function scoresOf(model: Model, products: number[], values: number[]): Float32Array {
  const out = new Float32Array(model.productCount);
  model.createScorer().scoreInto(out, Int32Array.from(products), Float32Array.from(values));
  return out;
}

/** What every algorithm promises, whatever it computes. */
export function describeAlgorithm<P extends object>(algorithm: Algorithm<P>, params: P): void {
  describe(`the algorithm ${algorithm.name}`, () => {
    const data = groupedTrainingSet();
    const inline = new InlineExecutor();
    const fit = (executor: Executor = inline, seed = 1) => algorithm.fit(data, params, { seed, executor });
    let model: Model;
    beforeAll(async () => {
      model = await fit();
    });

    it('gives the same bytes whatever the executor, and again', async () => {
      expect(Buffer.compare((await fit()).serialize(), model.serialize())).toBe(0);
      expect(Buffer.compare((await fit(new BackwardExecutor())).serialize(), model.serialize())).toBe(0);
    });

    it('scores the same after saving and loading, aligned or not', () => {
      const bytes = model.serialize();
      const unaligned = new Uint8Array(bytes.length + 3).subarray(3);
      unaligned.set(bytes);
      const expected = scoresOf(model, [1, 5, 9], [1, 2, 0.5]);
      for (const source of [bytes, unaligned]) {
        const loaded = loadModel(source);
        expect(loaded.algorithm).toBe(algorithm.name);
        expect(loaded.params).toEqual(params);
        expect(scoresOf(loaded, [1, 5, 9], [1, 2, 0.5])).toEqual(expected);
      }
    });

    it('notices damage anywhere, truncation and an unknown version', () => {
      const bytes = Uint8Array.from(model.serialize());
      for (let at = 0; at < bytes.length; at += Math.max(1, Math.floor(bytes.length / 97))) {
        const damaged = bytes.slice();
        damaged[at] ^= 0x10;
        expect(() => loadModel(damaged)).toThrow(expect.objectContaining({ name: 'ModelFormatError' }));
      }
      expect(() => loadModel(bytes.subarray(0, bytes.length - 16))).toThrow(
        expect.objectContaining({ code: 'MODEL_CORRUPT' }),
      );
      expect(() => loadModel(new Uint8Array(0))).toThrow(expect.objectContaining({ code: 'MODEL_CORRUPT' }));
      const newer = bytes.slice();
      newer[4] = 99;
      expect(() => loadModel(newer)).toThrow(expect.objectContaining({ code: 'MODEL_VERSION_UNKNOWN' }));
    });

    it('scores are finite, also without history, and shares sum to the score', () => {
      for (const history of [[], [0], [1, 5, 9]]) {
        const scorer = model.createScorer();
        const scores = new Float32Array(model.productCount);
        scorer.scoreInto(scores, Int32Array.from(history), new Float32Array(history.length).fill(1));
        expect(scores.every(Number.isFinite)).toBe(true);
        const shares = new Float32Array(model.components.length);
        scores.forEach((score, product) => {
          scorer.explainInto(shares, product);
          expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(score, 4);
        });
      }
    });

    it('does not care about the order of a history, and sums repeats', () => {
      const expected = scoresOf(model, [1, 5, 9], [1, 2, 0.5]);
      expect(scoresOf(model, [9, 1, 5], [0.5, 1, 2])).toEqual(expected);
      expect(scoresOf(model, [5, 9, 1, 5], [1.25, 0.5, 1, 0.75])).toEqual(expected);
    });

    it('refuses products out of range and arrays of the wrong length', () => {
      for (const product of [-1, model.productCount]) {
        expect(() => scoresOf(model, [product], [1])).toThrow(
          expect.objectContaining({ code: 'INDEX_OUT_OF_RANGE' }),
        );
      }
      expect(() => scoresOf(model, [1, 2], [1])).toThrow(expect.objectContaining({ code: 'SHAPE_MISMATCH' }));
      const short = new Float32Array(model.productCount - 1);
      expect(() => model.createScorer().scoreInto(short, new Int32Array(0), new Float32Array(0))).toThrow(
        RangeError,
      );
    });

    it('never ranks retired or excluded products, and ranks the same on any executor', async () => {
      const allowed = new Uint8Array(data.productCount).fill(1);
      allowed.fill(0, 0, 20);
      const request = {
        model: model.serialize(),
        histories: data.byCustomer,
        count: 30,
        excluded: data.byCustomer,
        allowed,
      };
      const lists = await rankCustomers({ ...request, executor: inline });
      const again = await rankCustomers({ ...request, executor: new BackwardExecutor() });
      expect(again).toEqual(lists);
      let ranked = 0;
      lists.products.forEach((product, cell) => {
        if (product < 0) return;
        ranked++;
        const row = Math.floor(cell / 30);
        const { offsets, indices } = data.byCustomer;
        expect(product).toBeGreaterThanOrEqual(20);
        expect(indices.subarray(offsets[row], offsets[row + 1])).not.toContain(product);
      });
      expect(ranked).toBeGreaterThan(data.customerCount * 5);
    });

    it('refuses unknown, mistyped and out-of-range parameters by name', () => {
      const refused = (given: object, field: string) =>
        expect(() => algorithm.validate(given)).toThrow(
          expect.objectContaining({ code: 'PARAMETER_INVALID', field }),
        );
      refused({ nonsense: 1 }, 'nonsense');
      for (const parameter of algorithm.parameters.filter(({ name }) => !name.includes('.'))) {
        const { name } = parameter;
        refused({ [name]: parameter.type === 'choice' ? 'nonsense' : parameter.max * 2 + 1 }, name);
        refused({ [name]: 'many' }, name);
        refused({ [name]: NaN }, name);
      }
      expect(algorithm.validate({})).toEqual(algorithm.defaults);
    });

    it('describes its parameters well enough to search them', () => {
      for (const parameter of algorithm.parameters) {
        expect(parameter.doc).not.toBe('');
        if (parameter.type === 'choice') {
          expect(parameter.choices).toEqual(
            expect.arrayContaining([parameter.default, ...(parameter.searchChoices ?? [])]),
          );
          continue;
        }
        const { min, max, searchMin = min, searchMax = max, default: fallback, scale } = parameter;
        expect(min <= searchMin && searchMin <= searchMax && searchMax <= max).toBe(true);
        expect(min <= fallback && fallback <= max).toBe(true);
        expect(scale === 'log' ? searchMin : 1).toBeGreaterThan(0);
      }
    });
  });
}
