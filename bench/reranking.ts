/**
 * Next-basket hit rate and NDCG@10 on UCI Online Retail with and without each re-ranking step.
 * Usage: npm run bench:reranking -- <onlineretail.csv.gz>
 *
 * Two windows of 28 days. For each the hybrid is trained on what came before, every customer gets 200 candidates, and each set of
 * steps makes a first ten of them as of midnight before the customer's next basket. The last line is kept as
 * docs/measured/reranking.json.
 */
import {
  algorithms,
  combineIntoHybrid,
  commercialFeatures,
  prepareDataset,
  rankCustomers,
  sharedUint8,
  strengthDefaults,
  type EventColumns,
  type Executor,
  type Model,
} from '#libs/algorithms';
import { buildProductColumns, NO_PROMOTIONS } from '#libs/serving';
import { readNamedOnlineRetail } from './read-online-retail.ts';
import { measureSources } from './reranking/candidate-sources.ts';
import { measureVariant, meanOf, pairedDifference } from './reranking/measure-variant.ts';
import { eventsBefore, nextBaskets } from './reranking/next-baskets.ts';
import { variants, WITHOUT_DATA } from './reranking/settings-under-test.ts';
import { executorWith } from './thread-executor.ts';

const SEED = 20261121;
const DAY = 86_400;
const WINDOW_DAYS = 28;
const CANDIDATES = 200;
/** As every night trains it. */
const NIGHT_FACTORS = 128;

async function rankWindow(history: EventColumns, nowSeconds: number, executor: Executor) {
  const trainingSet = { nowSeconds, halfLifeDays: 60, popularityHalfLifeDays: 14 };
  const options = { strength: strengthDefaults, split: undefined, trainingSet };
  const { training } = await prepareDataset(history, options, executor);
  const context = { seed: SEED, executor };
  const parts = [
    await algorithms.popularity.fit(training, algorithms.popularity.defaults, context),
    await algorithms['item-cf'].fit(training, algorithms['item-cf'].defaults, context),
    await algorithms.ials.fit(training, { ...algorithms.ials.defaults, factors: NIGHT_FACTORS }, context),
  ];
  const rank = (model: Model) =>
    rankCustomers({
      model: model.serialize(),
      histories: training.byCustomer,
      allowed: sharedUint8(history.productCount).fill(1),
      count: CANDIDATES,
      executor,
    });
  const [popularity, itemCf, ials] = parts;
  const alone = { ials: await rank(ials), 'item-cf': await rank(itemCf), popularity: await rank(popularity) };
  return { hybrid: await rank(combineIntoHybrid(parts)), alone };
}

async function measureWindow(
  name: string,
  events: EventColumns,
  names: readonly string[],
  fromSeconds: number,
  executor: Executor,
) {
  const history = eventsBefore(events, fromSeconds);
  const baskets = nextBaskets(events, fromSeconds, fromSeconds + WINDOW_DAYS * DAY);
  process.stderr.write(`${name}: ${history.count} lines before, ${baskets.length} next baskets\n`);
  const { hybrid: ranked, alone } = await rankWindow(history, fromSeconds, executor);
  const features = commercialFeatures(history, new Float64Array(history.productCount).fill(NaN), fromSeconds);
  const columns = buildProductColumns(features, {
    // These data have no categories: the last word of a description ("HOLDER", "BAG") stands in for one.
    categories: names.map((text) => /(\w+)\W*$/.exec(text)?.[1] ?? null),
    brands: names.map(() => null),
    margins: new Float32Array(names.length).fill(NaN),
    privateLabel: new Uint8Array(names.length),
    promotions: NO_PROMOTIONS,
  });
  const measured = variants().map((variant) => ({
    name: variant.name,
    outcome: measureVariant(variant, ranked, features, columns, baskets),
  }));
  const reference = measured[0].outcome;
  const rows = measured.map(({ name: variant, outcome }) => ({
    name: variant,
    hitRate10: meanOf(outcome.hits),
    hitRate10Change: pairedDifference(outcome.hits, reference.hits),
    ndcg10: meanOf(outcome.ndcgs),
    ndcg10Change: pairedDifference(outcome.ndcgs, reference.ndcgs),
    coverage: outcome.coverage,
    categoriesPerList: outcome.categories,
    pricePercentile: outcome.pricePercentile,
    microsecondsPerList: outcome.microsecondsPerList,
  }));
  for (const row of rows) {
    const { difference, low, high } = row.ndcg10Change;
    process.stderr.write(
      `${row.name.padEnd(20)} hit ${row.hitRate10.toFixed(4)} ndcg ${row.ndcg10.toFixed(4)} ${difference.toFixed(4)} [${low.toFixed(4)}, ${high.toFixed(4)}] coverage ${row.coverage.toFixed(3)} categories ${row.categoriesPerList.toFixed(2)} price ${row.pricePercentile.toFixed(3)} ${row.microsecondsPerList.toFixed(0)} µs\n`,
    );
  }
  const sources = measureSources(alone, features, columns, baskets);
  return { window: name, baskets: baskets.length, rows, sources };
}

const [path] = process.argv.slice(2);
if (path === undefined) throw new Error('Name the file: npm run bench:reranking -- <onlineretail.csv.gz>');
const executor = executorWith(1);
const { events, names } = await readNamedOnlineRetail(path, SEED);
const last = events.timeSeconds.reduce((latest, time) => Math.max(latest, time), 0);
const windows = [];
for (const [name, windowsBack] of [
  ['selection', 2],
  ['report', 1],
] as const) {
  const fromSeconds = (Math.floor(last / DAY) + 1 - windowsBack * WINDOW_DAYS) * DAY;
  windows.push(await measureWindow(name, events, names, fromSeconds, executor));
}
const bench = { bench: 'reranking', date: new Date().toISOString(), node: process.version, seed: SEED };
console.log(JSON.stringify({ ...bench, candidates: CANDIDATES, withoutData: WITHOUT_DATA, windows }));
