import type { Algorithm, ParameterDescription } from '#libs/algorithms';

/** A line of `bench:accuracy`; what does not apply is null or absent. */
export interface MeasuredRow {
  readonly dataset: string;
  readonly model: string;
  readonly metric: string;
  readonly ours: number;
  readonly bar?: number | null;
  readonly published?: number | null;
  /** Smallest and largest over the seeds, where there were several. */
  readonly spread?: readonly [number, number] | null;
  readonly fitSeconds?: number | null;
  readonly peakRssMb?: number | null;
}

type AlgorithmShape = Pick<Algorithm<object>, 'parameters'>;

/** A pipe would end the cell. */
const cell = (text: string) => text.replaceAll('|', '\\|');

function rangeOf(description: ParameterDescription): string {
  if (description.type === 'choice') return description.choices.map((choice) => `\`${choice}\``).join(', ');
  return `${description.min} … ${description.max}${description.type === 'integer' ? ', whole' : ''}`;
}

/** The parameters that a form shows, in the registry's order and words. */
export function parameterTable({ parameters }: AlgorithmShape): string {
  if (parameters.length === 0) return 'No parameters.';
  const rows = parameters.map(
    (one) => `| \`${one.name}\` | ${cell(String(one.default))} | ${cell(rangeOf(one))} | ${cell(one.doc)} |`,
  );
  return ['| parameter | default | range | meaning |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

const number = (value: number | null | undefined, digits: number) =>
  value === null || value === undefined ? '' : value.toFixed(digits);

/** What `bench:accuracy` measured of a model, in its order. */
export function accuracyTable(model: string, rows: readonly MeasuredRow[]): string {
  const own = rows.filter((row) => row.model === model);
  if (own.length === 0) return 'Not measured yet.';
  const lines = own.map(({ dataset, metric, ours, spread, bar, published, fitSeconds, peakRssMb }) => {
    const range = spread ? ` (${number(spread[0], 4)} … ${number(spread[1], 4)})` : '';
    const numbers = [number(ours, 4) + range, number(bar, 4), number(published, 4)];
    const cost = [number(fitSeconds, 1), number(peakRssMb, 0)];
    return `| ${[cell(dataset), cell(metric), ...numbers, ...cost].join(' | ')} |`;
  });
  const head = '| data | metric | measured | bar | published | fit, s | peak, MB |';
  return [head, '| --- | --- | --- | --- | --- | --- | --- |', ...lines].join('\n');
}

/** `<!-- kind: name -->` … `<!-- end -->` */
const BLOCK = /<!-- (parameters|accuracy): ([\w-]+) -->\n[\s\S]*?<!-- end -->/gu;

export interface TableSources {
  readonly algorithms: Readonly<Record<string, AlgorithmShape>>;
  readonly measured: readonly MeasuredRow[];
}

/**
 * The document with each marked block made anew. Prettier leaves the tables as they are.
 * @throws Error when an algorithm of the registry has no block of parameters
 */
export function fillTables(document: string, { algorithms, measured }: TableSources): string {
  const missing = new Set(Object.keys(algorithms));
  const filled = document.replace(BLOCK, (_, kind: string, name: string) => {
    if (kind === 'parameters') missing.delete(name);
    const table = kind === 'accuracy' ? accuracyTable(name, measured) : ownTable(algorithms, name);
    const body = `<!-- prettier-ignore-start -->\n${table}\n<!-- prettier-ignore-end -->`;
    return `<!-- ${kind}: ${name} -->\n${body}\n<!-- end -->`;
  });
  if (missing.size > 0) throw new Error(`docs/algorithms.md says nothing of ${[...missing].join(', ')}`);
  return filled;
}

function ownTable(algorithms: TableSources['algorithms'], name: string): string {
  return Object.hasOwn(algorithms, name) ? parameterTable(algorithms[name]) : 'Not in the registry yet.';
}
