import { productFacts } from './product-facts.js';

test.each([
  [undefined, 10, NaN, false],
  ['{}', 10, NaN, false],
  ['{"margin": 0.25}', 10, 0.25, false],
  ['{"cost": 8, "privateLabel": true}', 10, 0.2, true],
  ['{"cost": 12, "privateLabel": "true"}', 10, -0.2, true],
  ['{"cost": 8}', NaN, NaN, false],
  ['{"margin": 25, "privateLabel": "no"}', 10, NaN, false],
  ['{"margin": "much"}', 10, NaN, false],
])('%s at %d: margin %d, own brand %s', (json, price, margin, privateLabel) => {
  expect(productFacts(json, price)).toEqual({ margin, privateLabel });
});
