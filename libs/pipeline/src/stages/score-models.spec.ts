import { productMapOf } from './score-models.js';

describe('productMapOf', () => {
  it('needs no map for the same products in the same order, whether or not they were read anew', () => {
    const productIds = ['a', 'b'];
    expect(productMapOf({ productIds }, { productIds })).toBeUndefined();
    expect(productMapOf({ productIds }, { productIds: [...productIds] })).toBeUndefined();
  });

  it("leads from the model's products to tonight's", () => {
    const map = productMapOf({ productIds: ['a', 'b', 'c'] }, { productIds: ['c', 'a', 'd'] });
    expect([...map!]).toEqual([1, -1, 0]);
    expect([...productMapOf({ productIds: ['a', 'b'] }, { productIds: ['b', 'a'] })!]).toEqual([1, 0]);
  });
});
