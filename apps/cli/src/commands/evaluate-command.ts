import path from 'node:path';
import { Option, type Command } from 'commander';
import {
  FILE_FORMATS,
  parseParams,
  PROTOCOLS,
  runEvaluation,
  VALUE_RULES,
  type DataFile,
  type EvaluationReport,
  type EvaluationRequest,
  type MetricSummary,
  type Protocol,
} from '#libs/offline';
import { addCommand, type OfflineContext, type RunOffline } from './command-runner.js';
import { addRunOptions, parseSeconds, peakRssMb, workOnFiles } from './work-on-files.js';

const DEFAULT_METRICS: Readonly<Record<Protocol, string>> = {
  loo: 'hr@10,ndcg@10',
  topk: 'recall@20,ndcg@20',
  rmse: 'rmse,mae',
};

interface EvaluateOptions extends Pick<
  EvaluationRequest,
  'algorithm' | 'format' | 'protocol' | 'values' | 'seed'
> {
  readonly params?: string;
  readonly train: string;
  readonly test: string;
  readonly negatives?: string;
  readonly candidates?: string;
  readonly segments?: string;
  readonly products?: string;
  readonly metrics?: string;
  readonly tuneSeconds?: number;
  readonly threads: number;
  readonly json?: boolean;
}

/** Measures an algorithm on files; no platform needed. */
export function addEvaluateCommand(program: Command, run: RunOffline): void {
  const evaluateCommand = addCommand(
    program,
    'evaluate',
    'measure an algorithm on a split of your own; works on files alone',
  )
    .requiredOption('--algorithm <name>', 'popularity, item-cf, ials …')
    .option('--params <k=v,…>', 'hyper-parameters; the others have their default')
    .requiredOption('--train <file>', 'what is learned from; gzip or not, as are all files')
    .requiredOption('--test <file>', 'what is to be found or predicted')
    .option('--negatives <file>', 'for loo: (customer,product) and what it is ranked against')
    .option('--candidates <file>', 'for topk: the products that may be ranked, one a line')
    .option('--segments <file>', 'customer, segment: the metrics of each, too')
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
      new Option('--protocol <protocol>', 'what is measured').choices(PROTOCOLS).makeOptionMandatory(),
    )
    .option('--metrics <list>', 'hr@10,ndcg@10,recall@20,map@10,mrr@10,coverage@10 …, rmse,mae')
    .addOption(
      new Option(
        '--values <rule>',
        'whether values above 0 count as 1; models of ratings and rmse keep them',
      ).choices(VALUE_RULES),
    )
    .option('--tune-seconds <number>', 'look for better parameters on a part of --train first', parseSeconds);
  addRunOptions(evaluateCommand).action((options: EvaluateOptions) =>
    run(options, (context) => evaluate(options, context)),
  );
}

async function evaluate(options: EvaluateOptions, context: OfflineContext): Promise<number> {
  return workOnFiles(options, context, async (tools) => {
    const report = await runEvaluation(requestOf(options, context.workDir), tools);
    const head = ['metric', 'value', '95 % from', 'to'];
    context.output.show({ ...report, peakRssMb: peakRssMb() }, head, rowsOf(report));
  });
}

function requestOf(options: EvaluateOptions, workDir: string): EvaluationRequest {
  const { algorithm, format, protocol, values, seed, train, test } = options;
  const fileAt = (name: string): DataFile => ({ name, path: path.resolve(workDir, name) });
  const optional = (name: string | undefined) => (name === undefined ? undefined : fileAt(name));
  return {
    ...{ algorithm, format, protocol, values, seed },
    params: parseParams(options.params ?? ''),
    train: fileAt(train),
    test: fileAt(test),
    negatives: optional(options.negatives),
    candidates: optional(options.candidates),
    segments: optional(options.segments),
    products: optional(options.products),
    tuneSeconds: options.tuneSeconds,
    metrics: (options.metrics ?? DEFAULT_METRICS[protocol]).split(',').map((name) => name.trim()),
  };
}

function rowsOf({ fitSeconds, scoreSeconds, bySegment = {}, ...all }: EvaluationReport) {
  const segments = Object.entries(bySegment).flatMap(([segment, summary]) =>
    metricRows(summary, `${segment === '' ? 'others' : segment}: `),
  );
  const times = [
    ['seconds to fit', fitSeconds],
    ['seconds to score', scoreSeconds],
  ];
  return [...metricRows(all, ''), ...segments, ...times];
}

function metricRows({ metrics, intervals }: MetricSummary, prefix: string) {
  return Object.entries(metrics).map(([name, value]) => [
    `${prefix}${name}`,
    value,
    ...(intervals[name] ?? []),
  ]);
}
