import {
  algorithmNamed,
  ProductAttributesBuilder,
  trainingSetOfPairs,
  type Csr,
  type PairColumns,
  type TrainingSet,
} from '#libs/algorithms';
import type { EvaluationRequest } from './evaluation-request.js';
import type { DataFile } from './files/data-file.js';
import { IdTable } from './files/id-table.js';
import type { IdTables, InteractionColumns } from './files/interaction-columns.js';
import { readIds } from './files/read-ids.js';
import { readLines } from './files/read-lines.js';
import { readNegatives, type NegativeColumns } from './files/read-negatives.js';
import { readPairs } from './files/read-pairs.js';
import { readProducts, type ProductText } from './files/read-products.js';
import { readSegments, type Segments } from './files/read-segments.js';

/** All files of an evaluation in one index space. */
export interface OfflineDataset {
  readonly training: TrainingSet;
  /** customers × products. */
  readonly test: Csr;
  /** Whether the files of both have values. */
  readonly hasValues: boolean;
  readonly negatives: NegativeColumns | undefined;
  /** Per product, 0 = not to be ranked; undefined: all are. */
  readonly allowed: Uint8Array | undefined;
  readonly segments: Segments | undefined;
  readonly ids: IdTables;
}

type ValueUse = Pick<EvaluationRequest, 'algorithm' | 'protocol' | 'values'>;

type Files = ValueUse &
  Pick<EvaluationRequest, 'train' | 'test' | 'negatives' | 'candidates' | 'segments' | 'products' | 'format'>;

type TrainingFiles = ValueUse & Pick<Files, 'train' | 'products' | 'format'>;

/**
 * Reads what is learnt from, and nothing else.
 * @throws InvalidInputError naming file, line and field
 */
export async function loadTraining(
  files: TrainingFiles,
  note: (text: string) => void,
): Promise<Pick<OfflineDataset, 'training' | 'ids'>> {
  const ids: IdTables = { customers: new IdTable(), products: new IdTable() };
  const rows = await (files.format === 'pairs' ? readPairs(files.train, ids) : readLines(files.train, ids));
  note(`${files.train.name}: ${rows.customers.length} rows`);
  const texts = files.products && (await readProducts(files.products, ids.products));
  const productPlaces = ids.products.canonicalPlaces();
  translate(rows.customers, ids.customers.canonicalPlaces());
  translate(rows.products, productPlaces);
  const training = setOf(rows, files, ids);
  const attributes = texts && attributesOf(texts, productPlaces);
  return { training: attributes === undefined ? training : { ...training, attributes }, ids };
}

/**
 * Reads the files. Indices follow the ids (shorter first, then by bytes), not the order of the rows, so that neither ties
 * nor any result depend on how a file is sorted.
 * @throws InvalidInputError naming file, line and field
 */
export async function loadDataset(files: Files, note: (text: string) => void): Promise<OfflineDataset> {
  const ids: IdTables = { customers: new IdTable(), products: new IdTable() };
  const read = async (file: DataFile) => {
    const rows = await (files.format === 'pairs' ? readPairs(file, ids) : readLines(file, ids));
    note(`${file.name}: ${rows.customers.length} rows`);
    return rows;
  };
  const train = await read(files.train);
  const test = await read(files.test);
  const negatives = files.negatives && (await readNegatives(files.negatives, ids));
  const candidates = files.candidates && (await readIds(files.candidates, ids.products));
  const segments = files.segments && (await readSegments(files.segments, ids.customers));
  const texts = files.products && (await readProducts(files.products, ids.products));
  const customerPlaces = ids.customers.canonicalPlaces();
  const productPlaces = ids.products.canonicalPlaces();
  for (const { customers, products } of [train, test]) {
    translate(customers, customerPlaces);
    translate(products, productPlaces);
  }
  if (negatives !== undefined) {
    translate(negatives.customers, customerPlaces);
    translate(negatives.positives, productPlaces);
    translate(negatives.products, productPlaces);
  }
  const training = setOf(train, files, ids);
  const attributes = texts && attributesOf(texts, productPlaces);
  return {
    training: attributes === undefined ? training : { ...training, attributes },
    test: setOf(test, files, ids).byCustomer,
    hasValues: train.values !== undefined && test.values !== undefined,
    negatives,
    segments: segments && {
      ...segments,
      segmentOfCustomer: moved(segments.segmentOfCustomer, customerPlaces),
    },
    allowed: candidates && maskOf(candidates, productPlaces),
    ids,
  };
}

function translate(column: Int32Array, places: Int32Array): void {
  for (let i = 0; i < column.length; i++) column[i] = places[column[i]];
}

/** The same by place instead of index. */
function moved(byIndex: Int32Array, places: Int32Array): Int32Array {
  const byPlace = new Int32Array(places.length);
  places.forEach((place, index) => (byPlace[place] = byIndex[index]));
  return byPlace;
}

function setOf(
  rows: InteractionColumns,
  { algorithm, protocol, values }: ValueUse,
  ids: IdTables,
): TrainingSet {
  const pairs: PairColumns = { ...rows, customerCount: ids.customers.size, productCount: ids.products.size };
  // To a model of ratings, pairs that all count as 1 would say nothing.
  const isOfRatings = algorithmNamed(algorithm).predictsValues === true;
  if (protocol === 'rmse' || (isOfRatings && values !== 'binary')) return trainingSetOfPairs(pairs, 'mean');
  if (values === 'keep') return trainingSetOfPairs(pairs, 'sum');
  return trainingSetOfPairs({ ...pairs, values: rows.values?.map((value) => (value > 0 ? 1 : 0)) }, 'max');
}

function maskOf(candidates: ReadonlySet<number>, places: Int32Array): Uint8Array {
  const allowed = new Uint8Array(new SharedArrayBuffer(places.length));
  for (const product of candidates) allowed[places[product]] = 1;
  return allowed;
}

function attributesOf(texts: ReadonlyMap<number, ProductText>, places: Int32Array) {
  const builder = new ProductAttributesBuilder();
  const indexAt = new Int32Array(places.length);
  places.forEach((place, index) => (indexAt[place] = index));
  for (const index of indexAt) builder.add(texts.get(index) ?? {});
  return builder.finish(places.length);
}
