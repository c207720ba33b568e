import type { ParameterDescription } from '../algorithm.js';

export interface SegmentedPopularityParams {
  readonly shrinkage: number;
  readonly evidence: number;
}

export const SEGMENTED_POPULARITY_PARAMETERS: readonly ParameterDescription[] = [
  {
    name: 'shrinkage',
    type: 'number',
    default: 100,
    min: 0.001,
    max: 1e9,
    scale: 'log',
    searchMin: 1,
    searchMax: 10000,
    doc: 'Decayed strength at which a segment counts as much as everybody: smaller segments lean on the overall order.',
  },
  {
    name: 'evidence',
    type: 'number',
    default: 0.5,
    min: 0,
    max: 1,
    doc: 'What each product in a history says about the segment: 1 trusts them as independent, 0 ignores them.',
  },
];
