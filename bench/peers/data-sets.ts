import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { RandomSource, TrainingSet } from '#libs/algorithms';
import { createRandom, trainingSetOfPairs } from '#libs/algorithms';

/** A training set of value 1 for each pair, and its files for the peers. */
export interface DataSet {
  readonly training: TrainingSet;
  readonly matrix: {
    readonly name: string;
    readonly rows: number;
    readonly columns: number;
    readonly offsets: string;
    readonly indices: string;
  };
}

/** Below the folder of data sets. */
export const NCF_FOLDER = 'ml-1m-ncf';
const NCF_CUSTOMERS = 6040;
const NCF_PRODUCTS = 3706;
const NCF_PAIRS = 994_169;

export function dataSetOf(name: string, training: TrainingSet, folder: string): DataSet {
  const { rows, columns, offsets, indices } = training.byCustomer;
  const fileOf = (part: string) => path.join(folder, `${name}.${part}`);
  const files = { offsets: fileOf('offsets'), indices: fileOf('indices') };
  writeFileSync(files.offsets, offsets);
  writeFileSync(files.indices, indices);
  return { training, matrix: { name, rows, columns, ...files } };
}

/** The training rows of the NCF split of MovieLens-1M. */
export function readNcfTrain(folder: string): TrainingSet {
  const text = gunzipSync(readFileSync(path.join(folder, NCF_FOLDER, 'ml-1m.train.rating.gz'))).toString();
  const customers = new Int32Array(NCF_PAIRS);
  const products = new Int32Array(NCF_PAIRS);
  text
    .trimEnd()
    .split('\n')
    .forEach((line, row) => {
      const [user, item] = line.split('\t');
      customers[row] = Number(user);
      products[row] = Number(item);
    });
  return trainingSetOfPairs({
    customerCount: NCF_CUSTOMERS,
    productCount: NCF_PRODUCTS,
    customers,
    products,
  });
}

export interface SyntheticShape {
  readonly customers: number;
  readonly products: number;
  readonly pairs: number;
}

/**
 * Long-tailed pairs: a customer's number of products is log-normal (σ = 1), a product's share is that of its rank,
 * (rank + products / 100)^-1. About `pairs` pairs, none twice.
 */
export function syntheticTraining(shape: SyntheticShape, seed: number): TrainingSet {
  const { customers: rows, products: columns } = shape;
  const random = createRandom(seed, rows, columns);
  const lengths = rowLengths(shape, random);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const customers = new Int32Array(total);
  const products = new Int32Array(total);
  const draw = rankSampler(columns, random);
  const lastOwner = new Int32Array(columns).fill(-1);
  let filled = 0;
  for (let c = 0; c < rows; c++) {
    for (const end = filled + lengths[c]; filled < end;) {
      const product = draw();
      if (lastOwner[product] === c) continue;
      lastOwner[product] = c;
      customers[filled] = c;
      products[filled++] = product;
    }
  }
  return trainingSetOfPairs({ customerCount: rows, productCount: columns, customers, products });
}

function rowLengths({ customers, products, pairs }: SyntheticShape, random: RandomSource): Int32Array {
  const sizes = Float64Array.from({ length: customers }, () => Math.exp(random.nextGaussian()));
  const scale = pairs / sizes.reduce((sum, size) => sum + size, 0);
  return Int32Array.from(sizes, (size) => Math.max(1, Math.min(products >> 3, Math.round(size * scale))));
}

/** Draws ranks by looking a uniform number up in the cumulated shares, through an index that leaves a step or two. */
function rankSampler(columns: number, random: RandomSource): () => number {
  const cumulated = new Float64Array(columns);
  let sum = 0;
  for (let p = 0; p < columns; p++) cumulated[p] = sum += 1 / (p + columns / 100);
  const cells = 4 * columns;
  const firstOf = new Int32Array(cells);
  for (let cell = 0, p = 0; cell < cells; cell++) {
    while (cumulated[p] < (cell / cells) * sum) p++;
    firstOf[cell] = p;
  }
  return () => {
    const share = random.nextFloat();
    let p = firstOf[Math.floor(share * cells)];
    while (cumulated[p] <= share * sum && p < columns - 1) p++;
    return p;
  };
}
