/**
 * Quality and seconds of the four models on UCI Online Retail.
 * Usage: node models-online-retail.js <onlineretail.csv.gz> [threads=2]
 */
import { createHash } from 'node:crypto';
import type { Evaluation, Executor, Model, PreparedDataset } from '#libs/algorithms';
import {
  algorithms,
  calibrateModel,
  combineIntoHybrid,
  evaluateModel,
  pairedBootstrap,
  prepareDataset,
  rankCustomers,
  sampleNegatives,
  sharedUint8,
  strengthDefaults,
} from '#libs/algorithms';
import { readOnlineRetail } from './read-online-retail.js';
import { executorWith } from './thread-executor.js';

const SEED = 20261121;
const DAY = 86400;
const timings: Record<string, number> = {};

async function timed<T>(name: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const result = await work();
  timings[name] = Math.round(performance.now() - start) / 1000;
  process.stderr.write(`${name} ${timings[name]} s\n`);
  return result;
}

async function prepare(path: string, executor: Executor): Promise<PreparedDataset> {
  const events = await timed('read', () => readOnlineRetail(path, SEED));
  const nowSeconds = events.timeSeconds.reduce((latest, time) => Math.max(latest, time), 0);
  const split = { holdoutShare: 0.2, calibrationShare: 0.1, windowStartSeconds: nowSeconds - 28 * DAY };
  const trainingSet = { nowSeconds, halfLifeDays: 60, popularityHalfLifeDays: 14 };
  return timed('prepare', () =>
    prepareDataset(events, { strength: strengthDefaults, split, trainingSet }, executor),
  );
}

async function fitAll(data: PreparedDataset, executor: Executor): Promise<Record<string, Model>> {
  const { training } = data;
  const context = { seed: SEED, executor };
  const popularity = await timed('fit popularity', () =>
    algorithms.popularity.fit(training, algorithms.popularity.defaults, context),
  );
  const itemCf = await timed('fit item-cf', () =>
    algorithms['item-cf'].fit(training, algorithms['item-cf'].defaults, context),
  );
  const ials = await timed('fit ials', () =>
    algorithms.ials.fit(training, algorithms.ials.defaults, context),
  );
  return { popularity, 'item-cf': itemCf, ials, hybrid: combineIntoHybrid([popularity, itemCf, ials]) };
}

async function evaluate(
  model: Model,
  data: PreparedDataset,
  excludeSeen: boolean,
  executor: Executor,
): Promise<Evaluation> {
  const { byCustomer: histories } = data.training;
  const allowed = sharedUint8(histories.columns).fill(1);
  const negativesOf = (targets: typeof data.holdoutTargets, seed: number) =>
    sampleNegatives(targets, histories, 4, seed);
  const shared = { model: model.serialize(), histories, executor };
  const calibrationNegatives = negativesOf(data.calibrationTargets, SEED + 1);
  const calibration = await calibrateModel({
    ...shared,
    targets: data.calibrationTargets,
    negatives: calibrationNegatives,
  });
  const negatives = negativesOf(data.holdoutTargets, SEED + 2);
  return evaluateModel({
    ...shared,
    targets: data.holdoutTargets,
    negatives,
    calibration,
    allowed,
    excluded: excludeSeen ? histories : undefined,
  });
}

async function main(): Promise<void> {
  const [path, threads = '2'] = process.argv.slice(2);
  const executor = executorWith(Number(threads));
  const data = await prepare(path, executor);
  const models = await fitAll(data, executor);
  const rows = [];
  const perCustomer: Record<string, Evaluation['perCustomer']> = {};
  for (const [name, model] of Object.entries(models)) {
    for (const excludeSeen of [true, false]) {
      const label = `evaluate ${name} ${excludeSeen ? 'new' : 'all'}`;
      const {
        metrics,
        queries,
        perCustomer: each,
      } = await timed(label, () => evaluate(model, data, excludeSeen, executor));
      if (excludeSeen) perCustomer[name] = each;
      rows.push({
        name,
        excludeSeen,
        queries,
        rmse: metrics.rmse,
        ndcg10: metrics['ndcg@10'],
        hit10: metrics['hit@10'],
        coverage10: metrics['coverage@10'],
      });
    }
  }
  for (const row of rows) process.stderr.write(`${JSON.stringify(row)}\n`);
  const histories = data.training.byCustomer;
  const allowed = sharedUint8(histories.columns).fill(1);
  const model = models.hybrid.serialize();
  await timed('rank top 100 hybrid', () =>
    rankCustomers({ model, histories, count: 100, excluded: histories, allowed, executor }),
  );
  const options = { resamples: 2000, seed: SEED, confidence: 0.95, executor };
  const comparison = await timed('bootstrap', () =>
    pairedBootstrap(perCustomer.popularity, perCustomer.hybrid, options),
  );
  await executor.close?.();
  const bench = { bench: 'models-online-retail', node: process.version, threads: executor.threads };
  const hybridSha256 = createHash('sha256').update(model).digest('hex');
  console.log(
    JSON.stringify({
      ...bench,
      hybridSha256,
      customers: histories.rows,
      products: histories.columns,
      rows,
      comparison,
      timings,
    }),
  );
}

await main();
