import type { ParameterDescription } from '../algorithm.js';

/** What a linear model does to the rows that it is fitted on: those of EASE and of SLIM alike. */
export const ROW_PARAMETERS: readonly ParameterDescription[] = [
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
];
