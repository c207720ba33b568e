import path from 'node:path';
import { Option, type Command } from 'commander';
import {
  FILE_FORMATS,
  parseParams,
  readTrials,
  runTuning,
  VALUE_RULES,
  type DataFile,
  type TuningReport,
  type TuningRequest,
} from '#libs/offline';
import { addCommand, type OfflineContext, type RunOffline } from './command-runner.js';
import { parseWholeNumber } from './option-parsers.js';
import { addRunOptions, parseSeconds, peakRssMb, workOnFiles } from './work-on-files.js';

interface TuneCommandOptions extends Pick<
  TuningRequest,
  'algorithm' | 'format' | 'values' | 'seed' | 'objective'
> {
  readonly params?: string;
  readonly train: string;
  readonly products?: string;
  readonly seconds: number;
  readonly previous?: string;
  readonly memoryMb?: number;
  readonly threads: number;
  readonly json?: boolean;
}

/** Searches hyper-parameters on a file; no platform needed. */
export function addTuneCommand(program: Command, run: RunOffline): void {
  const command = addCommand(
    program,
    'tune',
    'look for the parameters that do best on a held-out part of a file',
  )
    .requiredOption('--algorithm <name>', 'popularity, item-cf, ials …')
    .option('--params <k=v,…>', 'parameters that are settled; the others are searched')
    .requiredOption('--train <file>', 'what is learned from, a part of it held out; gzip or not')
    .option('--products <file>', 'product, text[, categories[, tags[, price]]]: what content works on')
    .addOption(
      new Option(
        '--format <format>',
        'customer, product[, value[, time]] a line, or a customer and its products',
      )
        .choices(FILE_FORMATS)
        .default('pairs'),
    )
    .addOption(
      new Option(
        '--values <rule>',
        'whether values above 0 count as 1; models of ratings, rmse and mae keep them',
      ).choices(VALUE_RULES),
    )
    .option('--objective <metric>', 'ndcg@10, recall@20, hr@10, rmse …', 'ndcg@10')
    .option('--seconds <number>', 'how long to look', parseSeconds, 60)
    .option('--previous <file>', 'what an earlier tune --json has printed: its best are tried first')
    .option(
      '--memory-mb <number>',
      'try nothing that may need more; half of what there is if absent',
      parseWholeNumber(1, 1_000_000_000),
    );
  addRunOptions(command).action((options: TuneCommandOptions) =>
    run(options, (context) => tune(options, context)),
  );
}

async function tune(options: TuneCommandOptions, context: OfflineContext): Promise<number> {
  return workOnFiles(options, context, async (tools) => {
    const report = await runTuning(await requestOf(options, context.workDir), tools);
    context.output.show({ ...report, peakRssMb: peakRssMb() }, ['parameter', 'value'], rowsOf(report));
  });
}

async function requestOf(options: TuneCommandOptions, workDir: string): Promise<TuningRequest> {
  const { algorithm, format, values, seed, objective, seconds, memoryMb, previous, products } = options;
  const fileAt = (name: string): DataFile => ({ name, path: path.resolve(workDir, name) });
  return {
    ...{ algorithm, format, values, seed, objective, seconds },
    params: parseParams(options.params ?? ''),
    train: fileAt(options.train),
    products: products === undefined ? undefined : fileAt(products),
    previousTrials:
      previous === undefined ? undefined : await readTrials(fileAt(previous), { algorithm, objective }),
    memoryLimitBytes: memoryMb === undefined ? undefined : memoryMb * 2 ** 20,
  };
}

function rowsOf({ params, objective, score, trials, seconds }: TuningReport) {
  const best = Object.entries(params).map(([name, value]) => [
    name,
    typeof value === 'object' ? JSON.stringify(value) : String(value),
  ]);
  return [
    ...best,
    [`${objective} on held-out pairs`, score],
    ['trials', trials.length],
    ['seconds', seconds],
  ];
}
