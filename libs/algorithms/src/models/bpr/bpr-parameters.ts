import type { ParameterDescription } from '../algorithm.js';

export interface BprParams {
  readonly factors: number;
  readonly epochs: number;
  readonly learningRate: number;
  readonly customerRegularisation: number;
  readonly productRegularisation: number;
  readonly biasRegularisation: number;
  readonly initialScale: number;
  readonly foldInEpochs: number;
  readonly foldInRate: number;
}

export const BPR_PARAMETERS: readonly ParameterDescription[] = [
  {
    name: 'factors',
    type: 'integer',
    default: 64,
    min: 1,
    max: 512,
    searchMin: 16,
    searchMax: 128,
    doc: 'Length of a customer or product vector (d).',
  },
  {
    name: 'epochs',
    type: 'integer',
    default: 30,
    min: 1,
    max: 1000,
    searchMin: 20,
    searchMax: 60,
    doc: 'Each has as many steps as there are pairs.',
  },
  {
    name: 'learningRate',
    type: 'number',
    default: 0.1,
    min: 1e-4,
    max: 1,
    scale: 'log',
    searchMin: 0.01,
    searchMax: 0.2,
    doc: 'η of the first epoch; it falls linearly towards 0.',
  },
  {
    name: 'customerRegularisation',
    type: 'number',
    default: 0.005,
    min: 0,
    max: 1,
    searchMin: 0,
    searchMax: 0.05,
    doc: 'λ of customer vectors, in training and in folding in.',
  },
  {
    name: 'productRegularisation',
    type: 'number',
    default: 0.005,
    min: 0,
    max: 1,
    searchMin: 0,
    searchMax: 0.05,
    doc: 'λ of product vectors.',
  },
  {
    name: 'biasRegularisation',
    type: 'number',
    default: 0.005,
    min: 0,
    max: 1,
    searchMin: 0,
    searchMax: 0.05,
    doc: 'λ of product biases.',
  },
  {
    name: 'initialScale',
    type: 'number',
    default: 0.1,
    min: 1e-4,
    max: 10,
    scale: 'log',
    searchMin: 0.1,
    searchMax: 0.1,
    doc: 'Initial vectors: N(0, scale²/d).',
  },
  {
    name: 'foldInEpochs',
    type: 'integer',
    default: 10,
    min: 1,
    max: 1000,
    searchMin: 10,
    searchMax: 10,
    doc: 'Passes over the history of a customer to be scored.',
  },
  {
    name: 'foldInRate',
    type: 'number',
    default: 0.2,
    min: 1e-4,
    max: 1,
    scale: 'log',
    searchMin: 0.2,
    searchMax: 0.2,
    doc: 'η of the first of those steps; it falls linearly to 0.',
  },
];
