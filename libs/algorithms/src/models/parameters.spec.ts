import type { ParameterDescription } from './algorithm.js';
import { defaultsOf, validateParameters } from './parameters.js';

const DESCRIPTIONS: readonly ParameterDescription[] = [
  { name: 'factors', type: 'integer', default: 8, min: 1, max: 64, scale: 'log', doc: 'Length.' },
  { name: 'shrinkage', type: 'number', default: 0.5, min: 0, max: 10, searchMax: 2, doc: 'Pull.' },
  { name: 'similarity', type: 'choice', choices: ['cosine', 'lift'], default: 'cosine', doc: 'Kind.' },
];
const DEFAULTS = { factors: 8, shrinkage: 0.5, similarity: 'cosine' };

describe('validateParameters', () => {
  it('completes with defaults, in the order of the descriptions', () => {
    expect(defaultsOf(DESCRIPTIONS)).toEqual(DEFAULTS);
    expect(validateParameters(DESCRIPTIONS, {})).toEqual(DEFAULTS);
    const given = { similarity: 'lift', shrinkage: 10, factors: 1 };
    expect(JSON.stringify(validateParameters(DESCRIPTIONS, given))).toBe(
      '{"factors":1,"shrinkage":10,"similarity":"lift"}',
    );
  });

  it('takes values outside of the search bounds, as long as they are legal', () => {
    expect(validateParameters(DESCRIPTIONS, { shrinkage: 5 })).toEqual({ ...DEFAULTS, shrinkage: 5 });
  });

  it.each([
    [{ factors: 1.5 }, 'factors', '1.5 is not an integer in [1, 64]'],
    [{ factors: '8' }, 'factors', '8 is not an integer in [1, 64]'],
    [{ factors: { x: 3 } }, 'factors', '{"x":3} is not an integer in [1, 64]'],
    [{ shrinkage: NaN }, 'shrinkage', 'NaN is not a number in [0, 10]'],
    [{ shrinkage: Infinity }, 'shrinkage', 'Infinity is not a number in [0, 10]'],
    [{ similarity: 'Lift' }, 'similarity', 'Lift is not one of cosine, lift'],
    [{ similarity: 0 }, 'similarity', '0 is not one of cosine, lift'],
    [{ similarty: 'lift' }, 'similarty', 'is no parameter'],
    [null, 'params', 'is not an object'],
  ])('refuses %j by name', (params, field, message) => {
    expect(() => validateParameters(DESCRIPTIONS, params)).toThrow(
      expect.objectContaining({ code: 'PARAMETER_INVALID', field, message: `${field}: ${message}` }),
    );
  });

  it('names a component’s field with its prefix', () => {
    expect(() => validateParameters(DESCRIPTIONS, { factors: 0 }, 'parts.x.')).toThrow(
      expect.objectContaining({ field: 'parts.x.factors' }),
    );
  });
});
