import type { ParameterDescription } from '../algorithm.js';

export interface ContentParams {
  readonly textWeight: number;
  readonly categoryWeight: number;
  readonly tagWeight: number;
  readonly valueExponent: number;
  readonly contrast: number;
  readonly priceWeight: number;
  readonly priceBands: number;
  readonly categoryBandMinimum: number;
  readonly minDocuments: number;
  readonly maxTextShare: number;
}

export const CONTENT_PARAMETERS: readonly ParameterDescription[] = [
  {
    name: 'textWeight',
    type: 'number',
    default: 1,
    min: 0,
    max: 10,
    searchMin: 0,
    searchMax: 2,
    doc: 'Length of the text part (names, descriptions) of a product vector, relative to the other parts.',
  },
  {
    name: 'categoryWeight',
    type: 'number',
    default: 1,
    min: 0,
    max: 10,
    searchMin: 0,
    searchMax: 2,
    doc: 'Length of the category part of a product vector, relative to the other parts.',
  },
  {
    name: 'tagWeight',
    type: 'number',
    default: 1,
    min: 0,
    max: 10,
    searchMin: 0,
    searchMax: 2,
    doc: 'Length of the tag part (tags, brand, attributes) of a product vector, relative to the other parts.',
  },
  {
    name: 'valueExponent',
    type: 'number',
    default: 0.5,
    min: 0,
    max: 2,
    doc: 'Power of the spending weights in a profile: 1 uses them as they are, 0 only whether something was bought.',
  },
  {
    name: 'contrast',
    type: 'number',
    default: 1,
    min: 0,
    max: 2,
    searchMin: 0,
    searchMax: 1.5,
    doc: 'Rocchio’s γ: how much of the resemblance to the average customer is taken off. 0: what everybody has counts in full.',
  },
  {
    name: 'priceWeight',
    type: 'number',
    default: 0.1,
    min: 0,
    max: 10,
    searchMin: 0,
    searchMax: 1,
    doc: 'Weight of the price-band affinity (0 … 1), against 1 for the cosine with the profile.',
  },
  {
    name: 'priceBands',
    type: 'integer',
    default: 5,
    min: 1,
    max: 100,
    searchMin: 2,
    searchMax: 10,
    doc: 'Price bands, each with about as many products (quantiles).',
  },
  {
    name: 'categoryBandMinimum',
    type: 'integer',
    default: 20,
    min: 1,
    max: 1000000000,
    searchMin: 20,
    searchMax: 20,
    doc: 'Categories with at least this many priced products get price bands of their own; others use the catalogue’s.',
  },
  {
    name: 'minDocuments',
    type: 'integer',
    default: 2,
    min: 1,
    max: 1000000,
    searchMin: 1,
    searchMax: 5,
    doc: 'Terms of fewer products are left out: the term of one product links it to no other.',
  },
  {
    name: 'maxTextShare',
    type: 'number',
    default: 0.5,
    min: 0,
    max: 1,
    searchMin: 0.05,
    searchMax: 1,
    doc: 'Words in more than this share of all texts are left out ("the", "set"). Categories and tags always stay.',
  },
];
