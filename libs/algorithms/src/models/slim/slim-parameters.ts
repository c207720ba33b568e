import type { ParameterDescription } from '../algorithm.js';
import { ROW_PARAMETERS } from '../product-weights/row-parameters.js';

export interface SlimParams {
  readonly l1: number;
  readonly l2: number;
  readonly candidates: number;
  readonly valueExponent: number;
  readonly rowLengthExponent: number;
  readonly maxRowLength: number;
  readonly passes: number;
  readonly tolerance: number;
}

export const SLIM_PARAMETERS: readonly ParameterDescription[] = [
  {
    name: 'l1',
    type: 'number',
    default: 1,
    min: 0,
    max: 1e6,
    doc: 'λ: weight of the sum of the weights; the larger, the more of them are 0.',
  },
  {
    name: 'l2',
    type: 'number',
    default: 100,
    min: 1e-3,
    max: 1e7,
    scale: 'log',
    searchMin: 1,
    searchMax: 5000,
    doc: 'β: weight of half the squared weights.',
  },
  {
    name: 'candidates',
    type: 'integer',
    default: 0,
    min: 0,
    max: 1000,
    searchMin: 0,
    searchMax: 0,
    doc: 'Most similar products that may get a weight for a product; 0: all, or 500 above 12,000 products.',
  },
  ...ROW_PARAMETERS,
  {
    name: 'passes',
    type: 'integer',
    default: 20,
    min: 1,
    max: 1000,
    searchMin: 20,
    searchMax: 20,
    doc: 'Most passes over all candidates of a product.',
  },
  {
    name: 'tolerance',
    type: 'number',
    default: 1e-3,
    min: 1e-7,
    max: 0.1,
    scale: 'log',
    searchMin: 1e-3,
    searchMax: 1e-3,
    doc: 'A column is done when no weight changes by more.',
  },
];
