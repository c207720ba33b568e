import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { splitByHash } from '#libs/algorithms';
import { evaluate, type Report } from './evaluate.ts';

const SEED = 1;
const TEST_SHARE = 0.2;
const MOST_RATINGS = 3;

interface Rating {
  readonly customer: number;
  readonly product: number;
}

/**
 * Products that hardly anybody has rated, on MovieLens latest-small. A seeded hash of customer and product sends a fifth
 * of the ratings to the test part. Cold is a product with at most three ratings left in training. Only cold products are
 * ranked, for each customer who has rated one in the test part and without those that they have rated in training. Both
 * models learn from all training ratings; content also sees title, genres and tags, but no tag that somebody gave to a
 * product which they rate in the test part.
 */
export async function evaluateColdProducts(
  data: string,
  metrics: readonly string[],
  models: readonly { algorithm: string; params?: string }[],
  more: readonly string[],
): Promise<Report[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'nightshift-cold-'));
  try {
    writeSplit(path.join(data, 'ml-latest-small'), folder);
    const reports: Report[] = [];
    for (const { algorithm, params } of models) {
      const args = [
        ...['--algorithm', algorithm, ...(params === undefined ? [] : ['--params', params])],
        ...['--train', 'train.tsv', '--test', 'test.tsv', '--candidates', 'cold.txt'],
        ...['--products', 'products.tsv', '--protocol', 'topk', '--metrics', metrics.join(',')],
      ];
      reports.push(await evaluate([...args, ...more], folder));
    }
    return reports;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function writeSplit(source: string, folder: string): void {
  const ratings = rowsOf(readText(source, 'ratings.csv.gz')).map(([customer, product]): Rating => ({
    customer: Number(customer),
    product: Number(product),
  }));
  const parts = splitByHash(
    {
      customers: Int32Array.from(ratings, ({ customer }) => customer),
      products: Int32Array.from(ratings, ({ product }) => product),
    },
    TEST_SHARE,
    SEED,
  );
  const inPart = (part: number) => ratings.filter((_, row) => parts[row] === part);
  const counts = new Map<number, number>(ratings.map(({ product }) => [product, 0]));
  for (const { product } of inPart(0)) counts.set(product, (counts.get(product) ?? 0) + 1);
  const cold = [...counts].filter(([, count]) => count <= MOST_RATINGS).map(([product]) => product);
  const write = (name: string, lines: readonly string[]) =>
    writeFileSync(path.join(folder, name), `${lines.join('\n')}\n`);
  const lineOf = ({ customer, product }: Rating) => `${customer}\t${product}`;
  write('train.tsv', inPart(0).map(lineOf));
  write('test.tsv', inPart(1).map(lineOf));
  write('cold.txt', cold.map(String));
  write('products.tsv', productLines(source, new Set(inPart(1).map(lineOf))));
}

function productLines(source: string, hidden: ReadonlySet<string>): string[] {
  const tags = new Map<string, string[]>();
  for (const [customer, product, tag] of rowsOf(readText(source, 'tags.csv')))
    if (!hidden.has(`${customer}\t${product}`)) tags.set(product, [...(tags.get(product) ?? []), tag]);
  return rowsOf(readText(source, 'movies.csv.gz')).map(([product, title, genres]) =>
    [product, title, genres === '(no genres listed)' ? '' : genres, (tags.get(product) ?? []).join('|')].join(
      '\t',
    ),
  );
}

function readText(folder: string, name: string): string {
  const bytes = readFileSync(path.join(folder, name));
  return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
}

/** Fields of each line but the first; a field may stand in quotes. */
function rowsOf(text: string): string[][] {
  const lines = text.trim().split(/\r?\n/).slice(1);
  return lines.map((line) =>
    [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"(?=,|$)|([^,]*))/g)].map(
      ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain,
    ),
  );
}
