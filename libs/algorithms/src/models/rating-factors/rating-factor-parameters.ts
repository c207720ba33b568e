import type { ParameterDescription } from '../algorithm.js';

/** The same for biased-mf and svdpp. There is no regularisation to set: the fit learns it. */
export interface RatingFactorParams {
  readonly factors: number;
  readonly sweeps: number;
  readonly initialScale: number;
}

export const RATING_FACTOR_PARAMETERS: readonly ParameterDescription[] = [
  {
    name: 'factors',
    type: 'integer',
    default: 15,
    min: 1,
    max: 255,
    searchMin: 7,
    searchMax: 31,
    doc: 'Length of a customer or product vector beside its bias (d). Factors that the data do not support shrink to 0; one less than a multiple of 4 costs least.',
  },
  {
    name: 'sweeps',
    type: 'integer',
    default: 40,
    min: 1,
    max: 500,
    searchMin: 20,
    searchMax: 60,
    doc: 'Alternations: all customers, then all products, then the priors.',
  },
  {
    name: 'initialScale',
    type: 'number',
    default: 0.1,
    min: 1e-4,
    max: 1,
    scale: 'log',
    searchMin: 0.1,
    searchMax: 0.1,
    doc: 'Standard deviation of the initial product vectors, in standard deviations of the ratings.',
  },
];
