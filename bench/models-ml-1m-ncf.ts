/**
 * Leave-one-out HR@10 / NDCG@10 with 99 negatives on the NCF split of MovieLens-1M, to compare with published numbers.
 * A tie counts against the positive; a negative that equals the positive is dropped.
 * Usage: node models-ml-1m-ncf.js <folder> [threads=2] [factors=64]
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Csr, Model, TrainingSet } from '#libs/algorithms';
import { algorithms, emptyCsr, sharedFloat32, sharedInt32, transpose } from '#libs/algorithms';
import { executorWith } from './thread-executor.js';

const USERS = 6040;
const ITEMS = 3706;

function readTrain(folder: string): TrainingSet {
  const rows: number[][] = Array.from({ length: USERS }, () => []);
  for (const line of gunzipSync(readFileSync(`${folder}/ml-1m.train.rating.gz`))
    .toString()
    .split('\n')) {
    const [user, item] = line.split('\t');
    if (item !== undefined) rows[Number(user)].push(Number(item));
  }
  const offsets = sharedInt32(USERS + 1);
  rows.forEach((items, user) => (offsets[user + 1] = offsets[user] + items.length));
  const indices = sharedInt32(offsets[USERS]);
  rows.forEach((items, user) =>
    indices.set(
      items.sort((a, b) => a - b),
      offsets[user],
    ),
  );
  const byCustomer: Csr = {
    rows: USERS,
    columns: ITEMS,
    offsets,
    indices,
    values: sharedFloat32(indices.length).fill(1),
  };
  const byProduct = transpose(byCustomer);
  const customerCountOfProduct = sharedInt32(ITEMS).map(
    (_, item) => byProduct.offsets[item + 1] - byProduct.offsets[item],
  );
  const popularity = Float32Array.from(customerCountOfProduct);
  const orders = emptyCsr(0, ITEMS);
  return {
    customerCount: USERS,
    productCount: ITEMS,
    byCustomer,
    byProduct,
    orders,
    popularity,
    customerCountOfProduct,
  };
}

function readTest(folder: string): { user: number; positive: number; negatives: number[] }[] {
  const text = gunzipSync(readFileSync(`${folder}/ml-1m.test.negative.gz`))
    .toString()
    .trim();
  return text.split('\n').map((line) => {
    const [pair, ...negatives] = line.split('\t');
    const [user, positive] = pair.slice(1, -1).split(',').map(Number);
    return { user, positive, negatives: negatives.map(Number).filter((item) => item !== positive) };
  });
}

function accuracy(model: Model, { byCustomer }: TrainingSet, test: ReturnType<typeof readTest>) {
  const scorer = model.createScorer();
  const scores = new Float32Array(ITEMS);
  let hits = 0;
  let ndcg = 0;
  for (const { user, positive, negatives } of test) {
    const [start, end] = [byCustomer.offsets[user], byCustomer.offsets[user + 1]];
    scorer.scoreInto(scores, byCustomer.indices.subarray(start, end), byCustomer.values.subarray(start, end));
    const rank = negatives.filter((item) => scores[item] >= scores[positive]).length;
    if (rank < 10) {
      hits++;
      ndcg += 1 / Math.log2(rank + 2);
    }
  }
  return { hr10: hits / test.length, ndcg10: ndcg / test.length };
}

async function main(): Promise<void> {
  const [folder, threads = '2', factors = '64'] = process.argv.slice(2);
  const executor = executorWith(Number(threads));
  const train = readTrain(folder);
  const test = readTest(folder);
  const context = { seed: 1, executor };
  const ialsParams = {
    ...algorithms.ials.defaults,
    factors: Number(factors),
    sweeps: 12,
    regularisation: 0.007,
    unobservedWeight: 0.3,
    confidenceScale: 0,
  };
  const cosine = { ...algorithms['item-cf'].defaults, neighbours: 200, shrinkage: 0, rowLengthExponent: 0 };
  const fits: Record<string, () => Promise<Model>> = {
    popularity: () => algorithms.popularity.fit(train, algorithms.popularity.defaults, context),
    'item-cf cosine': () => algorithms['item-cf'].fit(train, cosine, context),
    'item-cf row-scaled': () =>
      algorithms['item-cf'].fit(train, { ...cosine, rowLengthExponent: 0.5 }, context),
    [`ials d=${factors}`]: () => algorithms.ials.fit(train, ialsParams, context),
  };
  const rows = [];
  for (const [name, fit] of Object.entries(fits)) {
    const start = performance.now();
    const model = await fit();
    const fitSeconds = (performance.now() - start) / 1000;
    rows.push({ name, ...accuracy(model, train, test), fitSeconds });
    process.stderr.write(`${JSON.stringify(rows.at(-1))}\n`);
  }
  await executor.close?.();
  console.log(
    JSON.stringify({ bench: 'models-ml-1m-ncf', node: process.version, threads: executor.threads, rows }),
  );
}

await main();
