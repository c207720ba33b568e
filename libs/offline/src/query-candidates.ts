import { pairsOf, type CandidateQueries, type Csr } from '#libs/algorithms';
import { InvalidInputError } from '#libs/domain';
import { lineError, type DataFile } from './files/data-file.js';
import type { IdTables } from './files/interaction-columns.js';
import type { NegativeColumns } from './files/read-negatives.js';

/** One query for each test pair, against everything. */
export function queriesOf(test: Csr): CandidateQueries {
  const { customer, product } = pairsOf(test);
  return { customer, positive: product };
}

/**
 * One query for each test pair, against its line of negatives. The two files must be about the same pairs: a pair without
 * negatives would be easier, and one that is no test pair would be a query that nobody asked.
 * @throws InvalidInputError brokenLine, negativesMissing
 */
export function queriesAgainst(
  test: Csr,
  negatives: NegativeColumns,
  file: DataFile,
  ids: IdTables,
): CandidateQueries {
  const { customer, positive } = queriesOf(test);
  const keyOf = (customerIndex: number, product: number) => customerIndex * test.columns + product;
  const queryAt = new Map<number, number>();
  customer.forEach((c, q) => queryAt.set(keyOf(c, positive[q]), q));
  const rowOf = new Int32Array(customer.length).fill(-1);
  negatives.customers.forEach((c, row) => {
    const q = queryAt.get(keyOf(c, negatives.positives[row]));
    const line = negatives.lines[row];
    if (q === undefined) throw lineError(file, line, 'pair', 'unexpected', 'it is not in the test file');
    if (rowOf[q] >= 0) throw lineError(file, line, 'pair', 'repeated', 'it has come before');
    rowOf[q] = row;
  });
  const missing = rowOf.indexOf(-1);
  if (missing >= 0) {
    const pair = `(${textAt(ids.customers, customer[missing])},${textAt(ids.products, positive[missing])})`;
    throw new InvalidInputError('negativesMissing', `${file.name} has no line for the test pair ${pair}.`);
  }
  const offsets = new Int32Array(new SharedArrayBuffer(4 * (customer.length + 1)));
  rowOf.forEach((row, q) => {
    offsets[q + 1] = offsets[q] + negatives.offsets[row + 1] - negatives.offsets[row];
  });
  const products = new Int32Array(new SharedArrayBuffer(4 * offsets[customer.length]));
  rowOf.forEach((row, q) =>
    products.set(negatives.products.subarray(negatives.offsets[row], negatives.offsets[row + 1]), offsets[q]),
  );
  return { customer, positive, candidates: { offsets, products } };
}

/** The id at a place of the canonical order. */
function textAt(table: IdTables['customers'], place: number): string {
  return table.textOf(table.canonicalPlaces().indexOf(place));
}
