import type { Csr } from '../dataset/csr.js';
import type { PairTargets } from '../dataset/pair-targets.js';
import { AlgorithmRangeError } from '../errors.js';
import { sharedInt32 } from '../parallel/shared-arrays.js';

/** Positives and negatives by customer: customer q of the list has rows offsets[q] … offsets[q + 1] - 1 of each. */
export interface CustomerRows {
  /** Customers with any row, ascending. */
  readonly customer: Int32Array;
  readonly targets: PairTargets;
  readonly targetOffsets: Int32Array;
  readonly negatives: PairTargets;
  readonly negativeOffsets: Int32Array;
}

function checkRows(pairs: PairTargets, histories: Csr, field: string): void {
  for (let i = 0; i < pairs.customer.length; i++) {
    const customer = pairs.customer[i];
    const product = pairs.product[i];
    if (customer < 0 || customer >= histories.rows || product < 0 || product >= histories.columns) {
      throw new AlgorithmRangeError(
        'INDEX_OUT_OF_RANGE',
        field,
        `customer ${customer}, product ${product} in row ${i}`,
      );
    }
    if (i > 0 && customer < pairs.customer[i - 1]) {
      throw new AlgorithmRangeError(
        'PARAMETER_INVALID',
        field,
        `row ${i} is not in ascending order of customers`,
      );
    }
  }
}

/** offsets[q] = first row of customers[q]. */
function offsetsOf(pairs: PairTargets, customers: Int32Array): Int32Array {
  const offsets = sharedInt32(customers.length + 1);
  let row = 0;
  customers.forEach((customer, q) => {
    while (row < pairs.customer.length && pairs.customer[row] <= customer) row++;
    offsets[q + 1] = row;
  });
  return offsets;
}

/** @throws AlgorithmRangeError INDEX_OUT_OF_RANGE, PARAMETER_INVALID for rows that are not sorted by customer */
export function groupByCustomer(targets: PairTargets, negatives: PairTargets, histories: Csr): CustomerRows {
  checkRows(targets, histories, 'targets');
  checkRows(negatives, histories, 'negatives');
  const distinct = new Set<number>();
  for (const c of targets.customer) distinct.add(c);
  for (const c of negatives.customer) distinct.add(c);
  const customer = sharedInt32(distinct.size);
  customer.set([...distinct]);
  customer.sort();
  return {
    customer,
    targets,
    targetOffsets: offsetsOf(targets, customer),
    negatives,
    negativeOffsets: offsetsOf(negatives, customer),
  };
}
