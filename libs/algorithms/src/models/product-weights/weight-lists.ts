import type { Csr } from '../../dataset/csr.js';
import { transpose } from '../../dataset/csr.js';
import { TopSelector } from '../../kernels/top-selector.js';
import { sharedFloat32, sharedInt32 } from '../../parallel/shared-arrays.js';
import type { ModelArray } from '../model-file.js';

/** For each product j the products i with the largest |B_ij|, in a room of `room` entries, index -1 padded. */
export interface WeightLists {
  readonly room: number;
  readonly indices: Int32Array;
  readonly values: Float32Array;
}

export function allocateWeightLists(products: number, room: number): WeightLists {
  const cells = products * room;
  return { room, indices: sharedInt32(cells).fill(-1), values: sharedFloat32(cells) };
}

/** Bytes of the lists, of their transpose and of the file. */
export function weightListsBytes(products: number, room: number): number {
  return 24 * products * room + 16 * products;
}

/** Keeps the largest weights of one column after the other. */
export class WeightKeeper {
  private readonly lists: WeightLists;
  private readonly selector: TopSelector;

  constructor(lists: WeightLists) {
    this.lists = lists;
    this.selector = new TopSelector(lists.room);
  }

  /** The largest of weights[0 … count - 1], that of k belonging to product indices[k] (absent: k). Zeros are no weights. */
  keep(column: number, weights: Float32Array, count: number, indices?: Int32Array): void {
    const { room, indices: outIndices, values } = this.lists;
    this.selector.reset();
    for (let k = 0; k < count; k++) if (weights[k] !== 0) this.selector.offer(Math.abs(weights[k]), k);
    const from = column * room;
    const kept = this.selector.drainInto(outIndices, values, from);
    for (let e = from; e < from + kept; e++) {
      const k = outIndices[e];
      values[e] = weights[k];
      outIndices[e] = indices === undefined ? k : indices[k];
    }
  }
}

/** The lists without padding, in place; row j of the result holds column j of B. */
function closeLists({ room, indices, values }: WeightLists): Csr {
  const rows = room === 0 ? 0 : indices.length / room;
  const offsets = sharedInt32(rows + 1);
  let filled = 0;
  for (let r = 0; r < rows; r++) {
    // The write position never overtakes the read position.
    for (let e = r * room; e < (r + 1) * room && indices[e] >= 0; e++) {
      indices[filled] = indices[e];
      values[filled++] = values[e];
    }
    offsets[r + 1] = filled;
  }
  return {
    rows,
    columns: rows,
    offsets,
    indices: indices.subarray(0, filled),
    values: values.subarray(0, filled),
  };
}

/** The arrays of a `ProductNeighboursModel`: turned round, so that scoring walks only the lists of what a customer has. */
export function weightArrays(lists: WeightLists): Record<string, ModelArray> {
  const { offsets, indices: targets, values: similarities } = transpose(closeLists(lists));
  return { offsets, targets, similarities };
}
