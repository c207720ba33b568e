import type { ParameterDescription } from '../algorithm.js';

export interface ItemCfParams {
  readonly similarity: 'cosine' | 'jaccard' | 'lift';
  readonly neighbours: number;
  readonly shrinkage: number;
  readonly orderWeight: number;
  readonly valueExponent: number;
  readonly rowLengthExponent: number;
  readonly maxRowLength: number;
}

export const ITEM_CF_PARAMETERS: readonly ParameterDescription[] = [
  {
    name: 'similarity',
    type: 'choice',
    choices: ['cosine', 'jaccard', 'lift'],
    default: 'cosine',
    doc: 'Co-purchase against the norms of both (cosine), their union (jaccard), or what chance would give (lift).',
  },
  {
    name: 'neighbours',
    type: 'integer',
    default: 100,
    min: 1,
    max: 1000,
    scale: 'log',
    searchMin: 20,
    searchMax: 1000,
    doc: 'Most similar products kept for each product (N).',
  },
  {
    name: 'shrinkage',
    type: 'number',
    default: 1,
    min: 0,
    max: 10000,
    searchMin: 0,
    searchMax: 100,
    doc: 'Added to the denominator of the similarity: pulls similarities that rest on little towards 0.',
  },
  {
    name: 'orderWeight',
    type: 'number',
    default: 1,
    min: 0,
    max: 100,
    searchMin: 0,
    searchMax: 2,
    doc: 'Weight of co-purchase within one order, against 1 for co-purchase by one customer over time.',
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
    name: 'rowLengthExponent',
    type: 'number',
    default: 0.5,
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
    doc: 'Longer rows (a wholesaler, a robot) leave co-purchase: cost grows with the square of the length.',
  },
];
