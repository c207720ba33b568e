/**
 * Accuracy of every model on public data, against the bars and what the literature gives on exactly these files.
 * Usage: npm run bench:accuracy -- --data <folder> [--only <dataset>[/<model>]] [--threads 2] [--seed 1]
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
  },
});
if (options.data === undefined) throw new Error('--data <folder> is missing');
const data = path.resolve(process.env.INIT_CWD ?? '.', options.data);
const more = ['--threads', options.threads, '--seed', options.seed];
const isWanted = (dataset: string, model: string) => {
  const [onlyDataset, onlyModel = ''] = options.only.split('/');
  return (onlyDataset === '' || onlyDataset === dataset) && (onlyModel === '' || onlyModel === model);
};

function rowOf(
  dataset: string,
  model: string,
  { metric, bar, published }: Bar,
  report: Report | undefined,
): Row {
  const ours = report?.metrics[metric] ?? null;
  const isReached = (value: number, wanted: number) =>
    metric === 'rmse' ? value <= wanted : value >= wanted;
  const row = {
    ...{ dataset, model, metric, ours, bar: bar ?? null, published: published ?? null },
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

async function measure({ folds, metrics }: Dataset, recipe: Recipe): Promise<Report | undefined> {
  const { model, algorithm = model, params } = recipe;
  const reports: Report[] = [];
  try {
    for (const fold of folds) {
      const args = ['--algorithm', algorithm, ...(params === undefined ? [] : ['--params', params])];
      reports.push(await evaluate([...args, ...fold, '--metrics', metrics.join(','), ...more], data));
    }
  } catch (error) {
    // The other rows are worth having, and this one is not ok.
    process.stderr.write(`${(error as Error).message}\n`);
    return undefined;
  }
  return merge(reports);
}

function bestOf(
  reports: readonly (readonly [Recipe, Report | undefined])[],
  metric: string,
): Report | undefined {
  const sign = metric === 'rmse' ? -1 : 1;
  return reports
    .flatMap(([, report]) => report ?? [])
    .toSorted((a, b) => sign * (b.metrics[metric] - a.metrics[metric]))
    .at(0);
}

async function runDataset(dataset: Dataset): Promise<Row[]> {
  const reports: (readonly [Recipe, Report | undefined])[] = [];
  const isBestWanted = dataset.best !== undefined && isWanted(dataset.name, 'best');
  for (const recipe of dataset.recipes)
    if (isBestWanted || isWanted(dataset.name, recipe.model))
      reports.push([recipe, await measure(dataset, recipe)]);
  const rows = reports.flatMap(([{ model, bars }, report]) =>
    bars.map((bar) => rowOf(dataset.name, model, bar, report)),
  );
  if (!isBestWanted) return rows;
  const best = bestOf(reports, dataset.metrics[0]);
  return [...rows, ...(dataset.best ?? []).map((bar) => rowOf(dataset.name, 'best', bar, best))];
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
