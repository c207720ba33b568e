/**
 * Accuracy of every model on public data, against the bars and what the literature gives on exactly these files.
 * Usage: npm run bench:accuracy -- --data <folder> [--only <dataset>[/<model>]] [--threads 2] [--seed 1] [--seeds 1]
 * `--seeds 5` fits models that start at random with five seeds: `ours` is that of the first, `spread` the range of all.
 * Progress on standard error; the last line is {bench, date, node, threads, seed, rows, ok}.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { COLD_DATASET, coldRows } from './accuracy/cold-rows.ts';
import { evaluate, type Report } from './accuracy/evaluate.ts';
import { DATASETS, type Bar, type Dataset, type Recipe } from './accuracy/recipes.ts';

interface Row {
  readonly dataset: string;
  readonly model: string;
  readonly metric: string;
  readonly ours: number | null;
  readonly bar: number | null;
  readonly published: number | null;
  /** Smallest and largest over the seeds, where there were several. */
  readonly spread?: readonly [number, number];
  /** Which model was the best. */
  readonly chosen?: string;
  readonly fitSeconds: number | null;
  readonly peakRssMb: number | null;
  readonly ok: boolean;
}

const { values: options } = parseArgs({
  options: {
    data: { type: 'string' },
    only: { type: 'string', default: '' },
    threads: { type: 'string', default: '2' },
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1' },
  },
});
if (options.data === undefined) throw new Error('--data <folder> is missing');
const data = path.resolve(process.env.INIT_CWD ?? '.', options.data);
const seeds = Array.from({ length: Number(options.seeds) }, (_, i) => Number(options.seed) + i);

/** One report for each seed; nothing where a run failed. */
type Measured = readonly [Recipe, readonly Report[]];

const isWanted = (dataset: string, model: string) => {
  const [onlyDataset, onlyModel = ''] = options.only.split('/');
  return (onlyDataset === '' || onlyDataset === dataset) && (onlyModel === '' || onlyModel === model);
};

function rowOf(
  dataset: string,
  model: string,
  { metric, bar, published }: Bar,
  reports: readonly Report[],
): Row {
  const report = reports.at(0);
  const values = reports.map(({ metrics }) => metrics[metric]);
  const spread: readonly [number, number] = [Math.min(...values), Math.max(...values)];
  const ours = report?.metrics[metric] ?? null;
  const isReached = (value: number, wanted: number) =>
    metric === 'rmse' ? value <= wanted : value >= wanted;
  const row = {
    ...{ dataset, model, metric, ours, bar: bar ?? null, published: published ?? null },
    ...(values.length > 1 ? { spread } : {}),
    ...{ fitSeconds: report?.fitSeconds ?? null, peakRssMb: report?.peakRssMb ?? null },
    ok: ours !== null && (bar === undefined || isReached(ours, bar)),
  };
  process.stderr.write(`${JSON.stringify(row)}\n`);
  return row;
}

/** Means over the folds, their seconds together and the largest memory. */
function merge(reports: readonly Report[]): Report {
  const names = Object.keys(reports[0].metrics);
  const mean = (name: string) =>
    reports.reduce((sum, { metrics }) => sum + metrics[name], 0) / reports.length;
  return {
    metrics: Object.fromEntries(names.map((name) => [name, mean(name)])),
    fitSeconds: reports.reduce((sum, { fitSeconds }) => sum + fitSeconds, 0),
    peakRssMb: Math.max(...reports.map(({ peakRssMb }) => peakRssMb)),
  };
}

async function measureSeed({ folds, metrics }: Dataset, recipe: Recipe, seed: number): Promise<Report> {
  const { model, algorithm = model, params } = recipe;
  const reports: Report[] = [];
  for (const fold of folds) {
    const what = ['--algorithm', algorithm, ...(params === undefined ? [] : ['--params', params])];
    const how = ['--metrics', metrics.join(','), '--threads', options.threads, '--seed', String(seed)];
    reports.push(await evaluate([...what, ...fold, ...how], data));
  }
  return merge(reports);
}

async function measure(dataset: Dataset, recipe: Recipe): Promise<Measured> {
  const reports: Report[] = [];
  try {
    for (const seed of recipe.isRandom === true ? seeds : seeds.slice(0, 1))
      reports.push(await measureSeed(dataset, recipe, seed));
    return [recipe, reports];
  } catch (error) {
    // The other rows are worth having, and this one is not ok.
    process.stderr.write(`${(error as Error).message}\n`);
    return [recipe, []];
  }
}

/** By the metric with the first seed. */
function bestOf(measured: readonly Measured[], metric: string): Measured | undefined {
  const sign = metric === 'rmse' ? -1 : 1;
  return measured
    .filter(([, reports]) => reports.length > 0)
    .toSorted(([, [a]], [, [b]]) => sign * (b.metrics[metric] - a.metrics[metric]))
    .at(0);
}

async function runDataset(dataset: Dataset): Promise<Row[]> {
  const measured: Measured[] = [];
  const rows: Row[] = [];
  const isBestWanted = dataset.best !== undefined && isWanted(dataset.name, 'best');
  for (const recipe of dataset.recipes) {
    if (!isBestWanted && !isWanted(dataset.name, recipe.model)) continue;
    const [, reports] = measured[measured.push(await measure(dataset, recipe)) - 1];
    rows.push(...recipe.bars.map((bar) => rowOf(dataset.name, recipe.model, bar, reports)));
  }
  if (!isBestWanted) return rows;
  const [best, reports] = bestOf(measured, dataset.metrics[0]) ?? [undefined, []];
  const bestRows = (dataset.best ?? []).map((bar) => rowOf(dataset.name, 'best', bar, reports));
  return [...rows, ...bestRows.map((row) => ({ ...row, chosen: best?.model }))];
}

async function runColdProducts(): Promise<Row[]> {
  if (!isWanted(COLD_DATASET, 'content')) return [];
  return coldRows(data, (line) => process.stderr.write(`${line}\n`));
}

const rows: Row[] = [];
for (const dataset of DATASETS) rows.push(...(await runDataset(dataset)));
rows.push(...(await runColdProducts()));
const ok = rows.length > 0 && rows.every((row) => row.ok);
const [date, node] = [new Date().toISOString(), process.version];
console.log(JSON.stringify({ bench: 'accuracy', date, node, ...options, data: undefined, rows, ok }));
process.exitCode = ok ? 0 : 1;
