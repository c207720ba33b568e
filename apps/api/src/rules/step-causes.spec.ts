import { changedSteps, stepCauses, type Breakdown } from './step-causes.js';

const lines = (factors: Record<string, number>): Breakdown => {
  const steps = Object.entries(factors).map(([step, factor]) => ({ step, score: factor, factor }));
  return new Map([[7, steps]]) as unknown as Breakdown;
};
const causes = (steps: string[], before: Record<string, number>, after: Record<string, number>) =>
  stepCauses(steps, 7, lines(before), lines(after)).map(({ name, effect }) => `${name} ${effect}`);

test('steps that are set otherwise, defaults counted in', () => {
  const upsell = { steps: { upsell: { enabled: true, factor: 0.1 } } };
  expect(changedSteps({}, upsell)).toEqual(['upsell']);
  // On by default, and with this weight.
  expect(changedSteps({}, { steps: { diversity: { enabled: true, weight: 0.1 } } })).toEqual([]);
  expect(changedSteps(upsell, {})).toEqual(['upsell']);
});

test('a step is a cause where it multiplies by something else than before', () => {
  const steps = ['upsell', 'priceBoost', 'diversity'];
  expect(causes(steps, { priceBoost: 1.1 }, { upsell: 1.05, priceBoost: 0.9 })).toEqual([
    'upsell raises',
    'priceBoost lowers',
  ]);
  expect(causes(['maximumPriceRatio'], {}, { maximumPriceRatio: 0 })).toEqual(['maximumPriceRatio hides']);
});

test('a product that only others have moved has no cause, unless steps that rearrange are all there is', () => {
  expect(causes(['upsell', 'diversity'], { upsell: 1 }, { upsell: 1 })).toEqual([]);
  expect(causes(['diversity'], {}, {})).toEqual(['diversity rearranges']);
});
