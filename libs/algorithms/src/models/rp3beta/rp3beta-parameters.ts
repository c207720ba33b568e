import type { ParameterDescription } from '../algorithm.js';

export interface Rp3BetaParams {
  readonly neighbours: number;
  readonly alpha: number;
  readonly beta: number;
  readonly orderWeight: number;
  readonly valueExponent: number;
  readonly maxRowLength: number;
  readonly rows: 'as-they-are' | 'sum-to-one';
}

export const RP3BETA_PARAMETERS: readonly ParameterDescription[] = [
  {
    name: 'neighbours',
    type: 'integer',
    default: 200,
    min: 1,
    max: 5000,
    scale: 'log',
    searchMin: 20,
    searchMax: 1000,
    doc: 'Products kept that a walk from a product most often ends at, and products that it most often came from (N).',
  },
  {
    name: 'alpha',
    type: 'number',
    default: 0.7,
    min: 0,
    max: 3,
    searchMin: 0.3,
    searchMax: 1.5,
    doc: 'Power of every transition probability (α): above 1 favours the beaten track, below 1 evens it out.',
  },
  {
    name: 'beta',
    type: 'number',
    default: 0.4,
    min: 0,
    max: 2,
    searchMin: 0,
    searchMax: 1,
    doc: 'Damping of popular products (β): scores are divided by the number of baskets with the product to this power.',
  },
  {
    name: 'orderWeight',
    type: 'number',
    default: 0,
    min: 0,
    max: 100,
    searchMin: 0,
    searchMax: 2,
    doc: 'Weight of the edge between a product and an order, against 1 to a customer; 0 walks over customers alone.',
  },
  {
    name: 'valueExponent',
    type: 'number',
    default: 0,
    min: 0,
    max: 2,
    searchMin: 0,
    searchMax: 1,
    doc: 'Power of the spending weights of the edges: 0 walks along all edges alike, as in the paper.',
  },
  {
    name: 'maxRowLength',
    type: 'integer',
    default: 5000,
    min: 2,
    max: 1000000,
    searchMin: 5000,
    searchMax: 5000,
    doc: 'Longer rows (a wholesaler, a robot) are not walked over: cost grows with the square of the length.',
  },
  {
    name: 'rows',
    type: 'choice',
    choices: ['as-they-are', 'sum-to-one'],
    default: 'sum-to-one',
    doc: 'Whether the weights kept for a product are scaled to sum to 1, so that each product bought counts alike.',
  },
];
