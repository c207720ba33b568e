import type { ParameterDescription } from '../algorithm.js';

export interface IalsParams {
  readonly factors: number;
  readonly sweeps: number;
  readonly regularisation: number;
  readonly frequencyExponent: number;
  readonly unobservedWeight: number;
  readonly confidenceScale: number;
  readonly initialScale: number;
  readonly warmUpSweeps: number;
  readonly solver: 'auto' | 'exact' | 'blocks' | 'gradients';
}

export const IALS_PARAMETERS: readonly ParameterDescription[] = [
  {
    name: 'factors',
    type: 'integer',
    default: 64,
    min: 1,
    max: 512,
    scale: 'log',
    searchMin: 16,
    searchMax: 256,
    doc: 'Length of a customer or product vector (d).',
  },
  {
    name: 'sweeps',
    type: 'integer',
    default: 10,
    min: 1,
    max: 100,
    searchMin: 4,
    searchMax: 20,
    doc: 'Alternations: all customers, then all products.',
  },
  {
    name: 'regularisation',
    type: 'number',
    default: 0.005,
    min: 1e-6,
    max: 10,
    scale: 'log',
    searchMin: 1e-4,
    searchMax: 0.3,
    doc: 'λ: weight of the squared vectors, multiplied by the frequency term.',
  },
  {
    name: 'frequencyExponent',
    type: 'number',
    default: 1,
    min: 0,
    max: 1,
    doc: 'ν: 1 regularises each vector in proportion to its terms in the loss, 0 all vectors alike.',
  },
  {
    name: 'unobservedWeight',
    type: 'number',
    default: 0.1,
    min: 1e-6,
    max: 10,
    scale: 'log',
    searchMin: 0.003,
    searchMax: 1,
    doc: 'α₀: weight of predicting 0 for every pair, against 1 for an observed one.',
  },
  {
    name: 'confidenceScale',
    type: 'number',
    default: 0.5,
    min: 0,
    max: 100,
    searchMin: 0,
    searchMax: 10,
    doc: 'α: an observed pair of value r weighs 1 + α·r.',
  },
  {
    name: 'initialScale',
    type: 'number',
    default: 0.1,
    min: 1e-4,
    max: 10,
    searchMin: 0.1,
    searchMax: 0.1,
    doc: 'Initial product vectors: N(0, scale²/d).',
  },
  {
    name: 'warmUpSweeps',
    type: 'integer',
    default: 0,
    min: 0,
    max: 20,
    searchMin: 0,
    searchMax: 6,
    doc: 'Sweeps before the first as if all pairs weighed the same, which cost a tenth and find the leading singular vectors.',
  },
  {
    name: 'solver',
    type: 'choice',
    choices: ['auto', 'exact', 'blocks', 'gradients'],
    searchChoices: ['auto'],
    default: 'auto',
    doc: 'How a sweep improves a row: exactly, by blocks of 32 factors (iALS++) or by 3 conjugate gradient steps. Auto: exactly up to 64 factors, else by blocks.',
  },
];
