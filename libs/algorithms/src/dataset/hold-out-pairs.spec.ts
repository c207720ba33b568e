import { groupedTrainingSet } from '../testing/grouped-events.js';
import { holdOutPairs } from './hold-out-pairs.js';
import { trainingSetOfPairs } from './training-set-of-pairs.js';

describe('holdOutPairs', () => {
  const data = groupedTrainingSet();
  const options = { share: 0.25, maxCustomers: Infinity, seed: 4 };

  it('parts each customer’s pairs, at least one on each side, and loses none', () => {
    const { rest, targets, heldOut } = holdOutPairs(data, options);
    expect(rest.byCustomer.indices.length + targets.customer.length).toBe(data.byCustomer.indices.length);
    for (let c = 0; c < data.customerCount; c++) {
      const before = data.byCustomer.offsets[c + 1] - data.byCustomer.offsets[c];
      const kept = rest.byCustomer.offsets[c + 1] - rest.byCustomer.offsets[c];
      const wanted = before < 2 ? 0 : Math.min(before - 1, Math.max(1, Math.round(before / 4)));
      expect(before - kept).toBe(wanted);
      const stays = rest.byCustomer.indices.subarray(
        rest.byCustomer.offsets[c],
        rest.byCustomer.offsets[c + 1],
      );
      targets.customer.forEach((customer, i) => {
        if (customer === c) expect(stays).not.toContain(targets.product[i]);
      });
    }
    expect(rest.customerCountOfProduct.reduce((sum, n) => sum + n, 0)).toBe(rest.byCustomer.indices.length);
    expect(holdOutPairs(data, options)).toEqual({ rest, targets, heldOut });
  });

  it('leaves no trace of a held-out pair in the customer’s orders', () => {
    const { rest, targets } = holdOutPairs(data, options);
    const held = new Set([...targets.customer].map((c, i) => `${c}/${targets.product[i]}`));
    const owners = rest.customerOfOrder ?? new Int32Array(0);
    let lines = 0;
    for (let order = 0; order < rest.orders.rows; order++) {
      for (let e = rest.orders.offsets[order]; e < rest.orders.offsets[order + 1]; e++, lines++)
        expect(held.has(`${owners[order]}/${rest.orders.indices[e]}`)).toBe(false);
    }
    expect(lines).toBeGreaterThan(0);
    expect(holdOutPairs({ ...data, customerOfOrder: undefined }, options).rest.orders.rows).toBe(0);
  });

  it('asks no more customers than wanted, and holds nothing out of single pairs', () => {
    const few = holdOutPairs(data, { ...options, maxCustomers: 5 });
    expect(new Set(few.targets.customer).size).toBe(5);
    const single = trainingSetOfPairs({
      customerCount: 2,
      productCount: 2,
      customers: Int32Array.of(0, 1),
      products: Int32Array.of(0, 1),
    });
    expect(holdOutPairs(single, options).targets.customer).toHaveLength(0);
  });

  it('takes the held-out share off a product’s popularity', () => {
    const pairs = trainingSetOfPairs({
      customerCount: 1,
      productCount: 2,
      customers: Int32Array.of(0, 0),
      products: Int32Array.of(0, 1),
    });
    const { rest, targets } = holdOutPairs(pairs, { share: 0.5, maxCustomers: Infinity, seed: 1 });
    expect(rest.popularity[targets.product[0]]).toBe(0);
    expect(rest.popularity[1 - targets.product[0]]).toBe(1);
  });
});
