import type { ParameterDescription } from '../algorithm.js';
import { ROW_PARAMETERS } from '../product-weights/row-parameters.js';

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
  ...ROW_PARAMETERS,
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
