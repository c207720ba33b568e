import type { Executor } from '../../parallel/executor.js';
import { InlineExecutor } from '../../parallel/executor.js';
import type { TaskInput, TaskName, TaskOutput } from '../../parallel/tasks.js';
import { runTask } from '../../parallel/tasks.js';
import { createRandom } from '../../statistics/random.js';
import { invertByElimination } from '../../testing/dense-inverse.js';
import type { TileMatrix } from './symmetric-inverse.js';
import { allocateTiles, cellOf, invertSymmetric, TILE, tileMatrixBytes } from './symmetric-inverse.js';
import { KernelMemory } from '../../kernels/wasm/kernel-memory.js';

class BackwardExecutor implements Executor {
  readonly threads = 3;

  async map<N extends TaskName>(task: N, inputs: readonly TaskInput<N>[]): Promise<TaskOutput<N>[]> {
    return [...inputs]
      .reverse()
      .map((input) => runTask(task, input))
      .reverse();
  }
}

/** ZᵀZ + I for a Z of n × n small integers. */
function positiveMatrix(n: number): number[][] {
  const random = createRandom(n, 3);
  const z = Array.from({ length: n }, () => Array.from({ length: n }, () => random.nextInt(3) - 1));
  return z.map((_, i) =>
    z.map((__, j) => (i === j ? 1 : 0) + z.reduce((sum, row) => sum + row[i] * row[j], 0)),
  );
}

function tilesOf(values: number[][], threads = 1, variant: 'strict' | 'relaxed' = 'strict'): TileMatrix {
  const n = values.length;
  const matrix = allocateTiles(new KernelMemory(tileMatrixBytes(n, threads)), n, threads, variant);
  values.forEach((row, i) =>
    row.forEach((value, j) => {
      if (j < i) return;
      matrix.tiles[cellOf(matrix.order, i, j)] = value;
      const end = (Math.floor(i / TILE) + 1) * TILE;
      if (j < end) matrix.tiles[cellOf(matrix.order, i, i) + (j - i) * TILE] = value;
    }),
  );
  return matrix;
}

describe.each(['strict', 'relaxed'] as const)('invertSymmetric (%s)', (variant) => {
  it.each([1, 8, 63, 64, 65, 200])('agrees with plain elimination for %i rows, to 1e-5', async (n) => {
    const values = positiveMatrix(n);
    const matrix = tilesOf(values, 1, variant);
    const shares: number[] = [];
    const report = (share: number) => shares.push(share);
    expect(await invertSymmetric(matrix, new InlineExecutor(), report)).toBe(true);
    expect(shares.at(-1)).toBe(1);
    const expected = invertByElimination(values);
    expected.forEach((row, i) =>
      row.forEach((value, j) => {
        if (j >= i) expect(Math.abs(matrix.tiles[cellOf(matrix.order, i, j)] + value)).toBeLessThan(1e-5);
      }),
    );
  });
});

describe('invertSymmetric', () => {
  it('gives the same bits whatever the executor', async () => {
    const values = positiveMatrix(200);
    const [one, other] = [tilesOf(values), tilesOf(values, 3)];
    await invertSymmetric(one, new InlineExecutor());
    await invertSymmetric(other, new BackwardExecutor());
    expect(Buffer.compare(Buffer.from(one.tiles), Buffer.from(other.tiles))).toBe(0);
    expect(one.tiles).toEqual(other.tiles);
  });

  it('tells a matrix that is not positive definite, in the first tile or in a later one', async () => {
    for (const at of [0, 150]) {
      const values = positiveMatrix(200);
      values[at][at] = -1;
      expect(await invertSymmetric(tilesOf(values), new InlineExecutor())).toBe(false);
    }
    expect(await invertSymmetric(tilesOf([[NaN]]), new InlineExecutor())).toBe(false);
  });
});
