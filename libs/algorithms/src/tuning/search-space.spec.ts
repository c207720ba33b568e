import { popularity } from '../models/popularity/popularity.js';
import type { Algorithm, ParameterDescription } from '../models/algorithm.js';
import { createRandom } from '../statistics/random.js';
import { sampleParams, searchSpace } from './search-space.js';

const PARAMETERS: readonly ParameterDescription[] = [
  {
    name: 'penalty',
    type: 'number',
    default: 1,
    min: 0,
    max: 1e6,
    searchMin: 0.01,
    searchMax: 100,
    scale: 'log',
    doc: '',
  },
  { name: 'share', type: 'number', default: 0.5, min: 0, max: 1, doc: '' },
  {
    name: 'factors',
    type: 'integer',
    default: 8,
    min: 1,
    max: 512,
    searchMin: 4,
    searchMax: 64,
    scale: 'log',
    doc: '',
  },
  { name: 'limit', type: 'integer', default: 9, min: 1, max: 99, searchMin: 9, searchMax: 9, doc: '' },
  {
    name: 'kind',
    type: 'choice',
    choices: ['a', 'b', 'c'],
    searchChoices: ['a', 'c'],
    default: 'a',
    doc: '',
  },
  { name: 'mode', type: 'choice', choices: ['x', 'y'], searchChoices: ['x'], default: 'x', doc: '' },
];
const algorithm = { ...popularity, parameters: PARAMETERS } as unknown as Algorithm<object>;

describe('searchSpace', () => {
  it('leaves out what is given and what leaves nothing to choose', () => {
    const names = (given: object) => searchSpace(algorithm, { ...given }).map(({ name }) => name);
    expect(names({})).toEqual(['penalty', 'share', 'factors', 'kind']);
    expect(names({ share: 0.1, kind: 'b' })).toEqual(['penalty', 'factors']);
  });
});

describe('sampleParams', () => {
  const random = createRandom(11);
  const space = searchSpace(algorithm, {});
  const samples = Array.from({ length: 2000 }, () => sampleParams(space, random) as Record<string, number>);

  it('stays within the search bounds, and is even over the scale', () => {
    const shareBelow = (name: string, bound: number) =>
      samples.filter((sample) => sample[name] < bound).length / samples.length;
    expect(samples.every(({ penalty }) => penalty >= 0.01 && penalty <= 100)).toBe(true);
    // Half of the penalties are below the middle of the logarithms, 1; of the shares below 0.5.
    expect(shareBelow('penalty', 1)).toBeCloseTo(0.5, 1);
    expect(shareBelow('share', 0.5)).toBeCloseTo(0.5, 1);
    expect(samples.every(({ factors }) => Number.isInteger(factors) && factors >= 4 && factors <= 64)).toBe(
      true,
    );
    expect(shareBelow('factors', 16)).toBeCloseTo(0.5, 1);
    expect(new Set(samples.map(({ kind }) => String(kind)))).toEqual(new Set(['a', 'c']));
  });
});
