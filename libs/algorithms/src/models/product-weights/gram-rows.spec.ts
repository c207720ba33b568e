import { transpose } from '../../dataset/csr.js';
import { InlineExecutor } from '../../parallel/executor.js';
import { rowsOf, trainingSetOfRows } from '../../testing/dense-rows.js';
import type { GramSource } from './gram-rows.js';
import {
  allocateGramRows,
  allocateGramSource,
  computeGram,
  gramRowCapacity,
  gramRowsBytes,
  gramSourceBytes,
} from './gram-rows.js';
import { multiplyRowInto } from '../../kernels/sparse-product.js';
import { allocateTiles, cellOf, TILE, tileMatrixBytes } from './symmetric-inverse.js';
import { kernelsOn } from '../../kernels/wasm/kernel-exports.js';
import { KernelMemory } from '../../kernels/wasm/kernel-memory.js';

/** Fractions, so that a sum in another order would differ; a product that nobody has; rows dense and thin. */
function table(customers: number, products: number, density: number): number[][] {
  return Array.from({ length: customers }, (_, c) =>
    Array.from({ length: products }, (__, p) =>
      p !== 3 && (c * 7 + p * 5 + c * p) % density === 0 ? 1 / (1 + ((c + 3 * p) % 7)) : 0,
    ),
  );
}

function sourceOf(
  rows: number[][],
  products: number,
  room: number,
): { memory: KernelMemory; source: GramSource } {
  const { byCustomer, byProduct } = trainingSetOfRows(rows, products);
  const shape = { customers: rows.length, products, pairs: byCustomer.indices.length };
  const memory = new KernelMemory(gramSourceBytes(shape, 2) + room);
  return { memory, source: allocateGramSource(memory, [byCustomer, byProduct], 2, 'strict') };
}

const inline = new InlineExecutor();
const worlds = [
  ['thin', 40, 130, 17],
  ['dense', 90, 70, 2],
] as const;

describe.each(worlds)('the Gram matrix of a %s world', (_, customers, products, density) => {
  const rows = table(customers, products, density);
  const dense = rowsOf(trainingSetOfRows(rows, products).byCustomer);
  const expected = dense[0].map((__, i) =>
    dense[0].map((___, j) => Math.fround(dense.reduce((sum, row) => sum + row[i] * row[j], 0))),
  );

  it('is XᵀX in tiles, both halves of those on the diagonal', async () => {
    const { memory, source } = sourceOf(rows, products, tileMatrixBytes(products, 1));
    const matrix = allocateTiles(memory, products, 1, 'strict');
    await computeGram(source, { kind: 'tiles', matrix }, inline);
    for (let i = 0; i < products; i++) {
      for (let j = i; j < products; j++) {
        const at = cellOf(matrix.order, i, j);
        expect(matrix.tiles[at]).toBe(expected[i][j]);
        const isOnDiagonal = Math.floor(i / TILE) === Math.floor(j / TILE);
        if (isOnDiagonal) expect(matrix.tiles[at + (j - i) * (TILE - 1)]).toBe(expected[i][j]);
      }
    }
  });

  it('is XᵀX in a square', async () => {
    const { memory, source } = sourceOf(rows, products, 4 * products * products + 64);
    const values = memory.float32(products * products);
    await computeGram(source, { kind: 'square', width: products, values }, inline);
    expect([...values]).toEqual(expected.flat());
    expect([...source.diagonal].map(Math.fround)).toEqual(expected.map((row, i) => row[i]));
  });

  it('is XᵀX in sparse rows, without the diagonal', async () => {
    const { memory, source } = sourceOf(rows, products, gramRowsBytes(products));
    const sparse = allocateGramRows(memory, products);
    await computeGram(source, sparse, inline);
    expected.forEach((row, i) => {
      const from = i * sparse.capacity;
      const found = new Array<number>(products).fill(0);
      for (let e = from; e < from + sparse.lengths[i]; e++) found[sparse.indices[e]] = sparse.values[e];
      expect(found).toEqual(row.map((value, j) => (i === j ? 0 : value)));
    });
  });

  it('keeps the largest cosines of a row that has no room for all', async () => {
    const { memory, source } = sourceOf(rows, products, gramRowsBytes(products));
    const full = allocateGramRows(memory, products);
    const sparse = { ...full, capacity: 5 };
    await computeGram(source, sparse, inline);
    expected.forEach((row, i) => {
      const cosines = row.map((value, j) =>
        i === j || value === 0 ? 0 : value / Math.sqrt(row[i] * expected[j][j]),
      );
      const kept = [...sparse.indices.subarray(5 * i, 5 * i + sparse.lengths[i])];
      expect(kept).toHaveLength(Math.min(5, cosines.filter((value) => value > 0).length));
      const worst = Math.min(...kept.map((j) => cosines[j]));
      cosines.forEach((value, j) => {
        if (!kept.includes(j)) expect(value).toBeLessThanOrEqual(worst + 1e-6);
      });
      expect([...sparse.values.subarray(5 * i, 5 * i + kept.length)]).toEqual(kept.map((j) => row[j]));
    });
  });

  it('has kernels that add the bits of their plain twin', () => {
    const { byCustomer } = trainingSetOfRows(rows, products);
    const { memory, source } = sourceOf(rows, products, 20 * products + 128);
    const sums = memory.float64(products);
    const touched = memory.int32(products);
    const { multiplyRow, multiplyRowDense } = kernelsOn(memory.memory);
    const { byProduct, byCustomer: right } = source;
    const plain = new Float64Array(products);
    const plainTouched = new Int32Array(products);
    const left = transpose(byCustomer);
    for (let p = 0; p < products; p++) {
      const range = [byProduct.offsets[p], byProduct.offsets[p + 1]] as const;
      const addresses = [byProduct.indices.byteOffset, byProduct.values.byteOffset, ...range] as const;
      const matrix = [right.offsets.byteOffset, right.indices.byteOffset, right.values.byteOffset] as const;
      const count = multiplyRow(sums.byteOffset, touched.byteOffset, ...addresses, ...matrix);
      expect(count).toBe(multiplyRowInto(plain, plainTouched, left, p, byCustomer));
      expect(sums).toEqual(plain);
      expect(touched.slice(0, count).sort()).toEqual(plainTouched.slice(0, count).sort());
      multiplyRowDense(sums.fill(0).byteOffset, ...addresses, ...matrix);
      expect(sums).toEqual(plain);
      sums.fill(0);
      plain.fill(0);
    }
  });
});

describe('gramRowCapacity', () => {
  it('is all other products, a bounded number, or what fits into 2 GiB', () => {
    expect([0, 1, 2, 500, 50_000, 1_000_000].map(gramRowCapacity)).toEqual([1, 1, 1, 499, 2048, 268]);
  });
});
