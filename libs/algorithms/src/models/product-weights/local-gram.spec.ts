import { InlineExecutor } from '../../parallel/executor.js';
import { trainingSetOfRows } from '../../testing/dense-rows.js';
import { invertByElimination } from '../../testing/dense-inverse.js';
import {
  allocateGramRows,
  allocateGramSource,
  computeGram,
  gramRowsBytes,
  gramSourceBytes,
} from './gram-rows.js';
import { LocalGram, localGramBytes } from './local-gram.js';
import { KernelMemory } from '../../kernels/wasm/kernel-memory.js';

const [customers, products, candidates] = [60, 40, 11];
const rows = Array.from({ length: customers }, (_, c) =>
  Array.from({ length: products }, (__, p) =>
    (c * 3 + p * 5 + ((c * p) % 11)) % 4 === 0 ? 1 + ((c + p) % 3) : 0,
  ),
);
const gram = rows[0].map((_, i) =>
  rows[0].map((__, j) => rows.reduce((sum, row) => sum + row[i] * row[j], 0)),
);

async function localGram(capacity?: number) {
  const { byCustomer, byProduct } = trainingSetOfRows(rows, products);
  const shape = { customers, products, pairs: byCustomer.indices.length };
  const slot = localGramBytes(products, candidates);
  const memory = new KernelMemory(
    gramSourceBytes(shape, 1) + gramRowsBytes(products) + slot + 4 * products + 256,
  );
  const source = allocateGramSource(memory, [byCustomer, byProduct], 1, 'strict');
  const all = allocateGramRows(memory, products);
  const sparse = { ...all, capacity: capacity ?? all.capacity };
  await computeGram(source, sparse, new InlineExecutor());
  const diagonals = memory.float32(products);
  diagonals.set(source.diagonal.map((value, p) => value + p));
  const norms = source.diagonal.map(Math.sqrt);
  const scratch = memory.scratch(1, slot);
  return new LocalGram(
    { rows: sparse, norms, diagonals, candidates, scratch, variant: 'strict' },
    scratch.offset,
  );
}

describe('LocalGram', () => {
  it('gathers the matrix of the products most like one, with its diagonals, and leaves no trace', async () => {
    const local = await localGram();
    for (const p of [5, 0, 39, 5]) {
      local.gather(p);
      const { chosen, right, matrix, width, count } = local;
      expect([width, count]).toEqual([16, candidates]);
      const cosine = (q: number) => gram[p][q] / Math.sqrt(gram[q][q]);
      const others = Array.from({ length: products }, (_, q) => q).filter((q) => q !== p);
      others.sort((a, b) => Math.fround(cosine(b)) - Math.fround(cosine(a)) || a - b);
      const best = others.slice(0, candidates).map(cosine);
      [...chosen.subarray(0, count)].forEach((q, k) => expect(cosine(q)).toBeCloseTo(best[k], 5));
      for (let k = 0; k < width; k++) {
        expect(right[k]).toBe(k < count ? gram[p][chosen[k]] : 0);
        for (let l = 0; l < width; l++) {
          const inside = k < count && l < count;
          const value = inside ? gram[chosen[k]][chosen[l]] + (k === l ? chosen[k] : 0) : Number(k === l);
          expect(matrix[k * width + l]).toBe(value);
        }
      }
    }
  });

  it('solves the gathered system, with a shift of its diagonal', async () => {
    const local = await localGram();
    local.gather(7);
    const { chosen, right, matrix, width, count } = local;
    const before = [...right.subarray(0, count)];
    const products = [...chosen.subarray(0, count)];
    const system = products.map((q, k) => products.map((r, l) => gram[q][r] + (k === l ? q + 2.5 : 0)));
    const inverse = invertByElimination(system);
    const { solveShifted } = local.kernels;
    expect(solveShifted(right.byteOffset, matrix.byteOffset, width, 2.5)).toBe(1);
    inverse.forEach((row, k) =>
      expect(right[k]).toBeCloseTo(
        row.reduce((sum, value, l) => sum + value * before[l], 0),
        4,
      ),
    );
    expect([...right.subarray(count)]).toEqual([0, 0, 0, 0, 0]);
    local.gatherMatrix();
    expect(solveShifted(right.byteOffset, matrix.byteOffset, width, -1e6)).toBe(0);
  });

  it('counts an entry that only one of two rows had room for in both places', async () => {
    const local = await localGram(6);
    local.gather(3);
    const { matrix, width, count } = local;
    expect(count).toBe(6);
    for (let k = 0; k < count; k++) {
      for (let l = 0; l < k; l++) expect(matrix[k * width + l]).toBe(matrix[l * width + k]);
    }
  });
});
