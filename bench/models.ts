/**
 * What a night should train: recipes and sets of recipes on worlds of the demo fleet and on UCI Online Retail, prepared,
 * fitted, scored and picked by the code of the night.
 * Usage: npm run bench:models -- [--data <folder of onlineretail.csv.gz>] [--seeds 3] [--scales 0.17,1] [--tune-seconds 0]
 *   [--threads 2]
 * Progress on standard error; the last line is {bench, …, evenings, summary}.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Executor } from '#libs/algorithms';
import { createExecutor } from '#libs/threads';
import { compareNights, scoreOf, type NightRow } from './models/compare-nights.ts';
import { onlineRetailEvening, PROFILES, simulatedEvening, type Evening } from './models/datasets.ts';
import { measureRecipe, prepareEvening, type Measured } from './models/measure-recipe.ts';
import { NIGHTS, RECIPES, REFERENCE_NIGHT } from './models/recipes.ts';

const { values: options } = parseArgs({
  options: {
    data: { type: 'string' },
    seeds: { type: 'string', default: '3' },
    scales: { type: 'string', default: '0.17,1' },
    'tune-seconds': { type: 'string', default: '0' },
    threads: { type: 'string', default: '2' },
  },
});
const tuneSeconds = Number(options['tune-seconds']);
const say = (text: string) => void process.stderr.write(`${text}\n`);

async function* evenings(): AsyncGenerator<Evening> {
  for (const scale of options.scales.split(',').map(Number))
    for (const profile of PROFILES)
      for (let seed = 1; seed <= Number(options.seeds); seed++) yield simulatedEvening(profile, scale, seed);
  if (options.data !== undefined)
    yield onlineRetailEvening(path.resolve(process.env.INIT_CWD ?? '.', options.data));
}

async function measureEvening(evening: Evening, executor: Executor) {
  const prepared = await prepareEvening(evening, executor);
  const { training, holdoutTargets } = prepared.prepared.dataset;
  const measured: Record<string, Measured> = {};
  for (const recipe of Object.keys(RECIPES))
    measured[recipe] = await measureRecipe(recipe, prepared, tuneSeconds, executor);
  const nights = await compareNights(prepared, measured, executor);
  const recipes = Object.entries(measured).map(([recipe, { scored, seconds }]) => {
    const { rmse, ndcg10, coverage10 } = scoreOf(recipe, scored);
    return {
      recipe,
      rmse: round(rmse),
      ndcg10: round(ndcg10),
      coverage10: round(coverage10),
      seconds: round(seconds),
    };
  });
  const size = {
    customers: training.customerCount,
    products: training.productCount,
    events: evening.snapshot.events.count,
    holdoutPairs: holdoutTargets.customer.length,
  };
  say(`${evening.name}, seed ${evening.seed}: ${JSON.stringify(size)}`);
  for (const row of recipes) say(`  ${JSON.stringify(row)}`);
  return { name: evening.name, seed: evening.seed, ...size, recipes, nights };
}

type EveningResult = Awaited<ReturnType<typeof measureEvening>>;

/** Means over the seeds of one dataset, relative to the reference night. */
function summarise(name: string, results: readonly EveningResult[], night: string) {
  const rowsOf = (wanted: string) =>
    results.map(({ nights }) => nights.find((row) => row.night === wanted) as NightRow);
  const [rows, references] = [rowsOf(night), rowsOf(REFERENCE_NIGHT)];
  const mean = (of: (row: NightRow, reference: NightRow) => number) =>
    rows.reduce((sum, row, i) => sum + of(row, references[i]), 0) / rows.length;
  const count = (verdict: NightRow['verdict']) => rows.filter((row) => row.verdict === verdict).length;
  return {
    ...{ dataset: name, night, picks: [...new Set(rows.map(({ pick }) => pick))] },
    rmse: round(mean(({ rmse }) => rmse)),
    rmseChange: round(mean(({ rmse }, reference) => rmse / reference.rmse - 1)),
    ndcg10: round(mean(({ ndcg10 }) => ndcg10)),
    ndcg10Change: round(mean(({ ndcg10 }, reference) => ndcg10 / reference.ndcg10 - 1)),
    coverage10: round(mean(({ coverage10 }) => coverage10)),
    seconds: round(mean(({ seconds }) => seconds)),
    ...{ evenings: rows.length, better: count('better'), worse: count('worse') },
  };
}

function round(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}

const executor = createExecutor(Number(options.threads));
const results: EveningResult[] = [];
for await (const evening of evenings()) results.push(await measureEvening(evening, executor));
await executor.close();
const summary = [...new Set(results.map(({ name }) => name))].flatMap((name) => {
  const ofDataset = results.filter((result) => result.name === name);
  return Object.keys(NIGHTS).map((night) => summarise(name, ofDataset, night));
});
for (const row of summary) say(JSON.stringify(row));
const machine = { node: process.version, threads: Number(options.threads), tuneSeconds };
process.stdout.write(`${JSON.stringify({ bench: 'models', ...machine, evenings: results, summary })}\n`);
