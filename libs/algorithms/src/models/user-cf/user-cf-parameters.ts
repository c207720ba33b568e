import type { ParameterDescription } from '../algorithm.js';

export interface UserCfParams {
  readonly neighbours: number;
  readonly shrinkage: number;
  readonly valueExponent: number;
  readonly popularityExponent: number;
  readonly amplification: number;
}

export const USER_CF_PARAMETERS: readonly ParameterDescription[] = [
  {
    name: 'neighbours',
    type: 'integer',
    default: 100,
    min: 1,
    max: 10000,
    scale: 'log',
    searchMin: 20,
    searchMax: 1000,
    doc: 'Most similar customers whose products are recommended (N).',
  },
  {
    name: 'shrinkage',
    type: 'number',
    default: 1,
    min: 0,
    max: 10000,
    searchMin: 0,
    searchMax: 50,
    doc: 'Added to the denominator of the cosine: pulls similarities that rest on little towards 0.',
  },
  {
    name: 'valueExponent',
    type: 'number',
    default: 0.5,
    min: 0,
    max: 2,
    searchMin: 0,
    searchMax: 1,
    doc: 'Power of the spending weights: 1 uses them as they are, 0 only whether something was bought.',
  },
  {
    name: 'popularityExponent',
    type: 'number',
    default: 0.1,
    min: 0,
    max: 1,
    doc: 'Comparing customers, a product of n customers counts n^-exponent: having what everybody has says little.',
  },
  {
    name: 'amplification',
    type: 'number',
    default: 2,
    min: 0,
    max: 10,
    searchMin: 0.5,
    searchMax: 3,
    doc: 'Power of the similarity in the score: above 1 the nearest customers count still more.',
  },
];
