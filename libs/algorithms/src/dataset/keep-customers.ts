import { sharedInt32 } from '../parallel/shared-arrays.js';
import { transpose } from './csr.js';
import { filterEntries } from './hold-out-pairs.js';
import { selectRows } from './select-rows.js';
import type { TrainingSet } from './training-set.js';
import { countCustomers } from './training-set.js';

/**
 * The training set of some customers, who become 0 … customers.length - 1; products stay as they are, popularity too: it
 * costs nothing to learn from everybody. Orders of others go, those of unknown customers stay.
 * @param customers distinct, ascending
 */
export function keepCustomers(data: TrainingSet, customers: Int32Array): TrainingSet {
  const byCustomer = selectRows(data.byCustomer, customers);
  const byProduct = transpose(byCustomer);
  const owners = data.customerOfOrder;
  const newIndex = new Int32Array(data.customerCount).fill(-1);
  customers.forEach((customer, index) => (newIndex[customer] = index));
  const keepsOrder = (order: number) =>
    owners === undefined || owners[order] < 0 || newIndex[owners[order]] >= 0;
  const customerOfOrder = owners && sharedInt32(owners.length);
  owners?.forEach((owner, order) => {
    if (customerOfOrder !== undefined) customerOfOrder[order] = owner < 0 ? -1 : newIndex[owner];
  });
  return {
    ...data,
    customerCount: customers.length,
    byCustomer,
    byProduct,
    orders: filterEntries(data.orders, keepsOrder),
    customerOfOrder,
    customerCountOfProduct: countCustomers(byProduct),
  };
}
