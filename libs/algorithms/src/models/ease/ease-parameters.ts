import type { ParameterDescription } from '../algorithm.js';

export interface EaseParams {
  readonly regularisation: number;
  readonly popularityExponent: number;
  readonly valueExponent: number;
  readonly rowLengthExponent: number;
  readonly maxRowLength: number;
  readonly denseProducts: number;
  readonly neighbours: number;
  readonly keptWeights: number;
}

export const EASE_PARAMETERS: readonly ParameterDescription[] = [
  {
    name: 'regularisation',
    type: 'number',
    default: 200,
    min: 1e-3,
    max: 1e7,
    scale: 'log',
    searchMin: 1,
    searchMax: 5000,
    doc: 'λ: weight of the squared weights; about the number of customers from which a pair of products is believed.',
  },
  {
    name: 'popularityExponent',
    type: 'number',
    default: 0,
    min: 0,
    max: 1,
    doc: 'α: product i is regularised with λ (G_ii / mean G)^α; 0 regularises all products alike.',
  },
  {
    name: 'valueExponent',
    type: 'number',
    default: 0,
    min: 0,
    max: 2,
    doc: 'Power of the spending weights: 1 uses them as they are, 0 only whether something was bought.',
  },
  {
    name: 'rowLengthExponent',
    type: 'number',
    default: 0,
    min: 0,
    max: 1,
    doc: 'Rows of length n are scaled by n^-exponent: a customer who buys everything says little about any pair.',
  },
  {
    name: 'maxRowLength',
    type: 'integer',
    default: 5000,
    min: 2,
    max: 1000000,
    searchMin: 5000,
    searchMax: 5000,
    doc: 'Longer rows (a wholesaler, a robot) are left out: cost grows with the square of the length.',
  },
  {
    name: 'denseProducts',
    type: 'integer',
    default: 12000,
    min: 0,
    max: 30000,
    searchMin: 12000,
    searchMax: 12000,
    doc: 'Up to so many products the inverse is exact; with more, each product is regressed on its neighbours.',
  },
  {
    name: 'neighbours',
    type: 'integer',
    default: 200,
    min: 1,
    max: 1000,
    doc: 'Products that each product is regressed on where the inverse would be too large.',
  },
  {
    name: 'keptWeights',
    type: 'integer',
    default: 2000,
    min: 0,
    max: 10000,
    searchMin: 2000,
    searchMax: 2000,
    doc: 'Largest |B_ij| stored for each product j; 0, or half of the products and more: all of them.',
  },
];
