import { InvalidInputError } from '../errors/nightshift-error.js';
import { completeReranking, RERANKING_STEP_NAMES } from './reranking-settings.js';
import { validateReranking } from './validate-reranking.js';

function errorsOf(value: unknown) {
  try {
    validateReranking(value);
  } catch (error) {
    if (error instanceof InvalidInputError) return error.details.fields?.map(({ field }) => field);
    throw error;
  }
  return [];
}

test('what a tenant does not set takes its default', () => {
  const settings = completeReranking({ candidates: 50, steps: { upsell: { enabled: true } } });
  expect(settings.candidates).toBe(50);
  expect(settings.steps.upsell).toEqual({ enabled: true, factor: 0.1, upTo: 2 });
  expect(settings.steps.priceBoost).toEqual({ enabled: false, weight: 0.2 });
  expect(settings.steps.maximumPriceRatio.ratio).toBe(2);
  expect(settings.steps.priceSensitivity.above).toBe(1.5);
  expect(Object.keys(settings.steps)).toEqual([...RERANKING_STEP_NAMES]);
});

test.each([
  [{}, []],
  [{ steps: { diversity: { enabled: true, weight: 0.3 } }, minimumRelevance: 0.1 }, []],
  [{ steps: { diversity: { weight: 2 } } }, ['steps.diversity.weight']],
  [{ steps: { diversity: { weight: '0.1' } } }, ['steps.diversity.weight']],
  [{ steps: { diversity: { enabled: 1 } } }, ['steps.diversity.enabled']],
  [{ steps: { magic: {} } }, ['steps.magic']],
  [{ steps: { upsell: { colour: 1 } } }, ['steps.upsell.colour']],
  [{ steps: { constructor: {} } }, ['steps.constructor']],
  [{ steps: [] }, ['steps']],
  [{ candidates: 10.5 }, ['candidates']],
  [{ candidates: NaN, depth: 3 }, ['candidates', 'depth']],
])('%j names %j', (value, fields) => {
  expect(errorsOf(value)).toEqual(fields);
});

test.each([null, [], 'on', 3])('%j is no object', (value) => {
  expect(() => validateReranking(value)).toThrow('must be a JSON object');
});
