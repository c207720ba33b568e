import { AliasTable } from './alias-table.js';
import {
  drawExponential,
  drawGamma,
  drawIndex,
  drawNormal,
  drawPoisson,
  shuffled,
  zipfWeights,
} from './distributions.js';
import { foldSeed, hashKeys, noiseOfKeys, SeededRandom, uniformOfKeys } from './seeded-random.js';

const DRAWS = 40_000;

function moments(draw: (random: SeededRandom) => number): { mean: number; variance: number } {
  const random = new SeededRandom(42);
  const values = Array.from({ length: DRAWS }, () => draw(random));
  const mean = values.reduce((sum, value) => sum + value, 0) / DRAWS;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / DRAWS };
}

describe('SeededRandom', () => {
  it('gives the same stream for the same key and another for any other', () => {
    const first = (...keys: [number, number?, number?, number?]) => new SeededRandom(...keys).nextUint32();
    expect(first(1, 2, 3)).toBe(first(1, 2, 3));
    expect(
      new Set([first(1, 2, 3), first(1, 3, 2), first(2, 2, 3), first(1, 2, 4), first(1, 2, 3, 1)]).size,
    ).toBe(5);
  });

  it('restarts in place by reseed', () => {
    const random = new SeededRandom(9, 1);
    random.next();
    expect(random.reseed(9, 1).nextUint32()).toBe(new SeededRandom(9, 1).nextUint32());
  });

  it('is uniform within a stream and across neighbouring keys', () => {
    const within = moments((random) => random.next());
    let day = 0;
    const across = moments(() => uniformOfKeys(7, 6, 12, day++));
    for (const { mean, variance } of [within, across]) {
      expect(mean).toBeCloseTo(0.5, 2);
      expect(variance).toBeCloseTo(1 / 12, 2);
    }
  });

  it('hashes to 32 bits with few collisions on neighbouring keys', () => {
    const hashes = new Set<number>();
    for (let a = 0; a < 200; a++) for (let b = 0; b < 200; b++) hashes.add(hashKeys(1, 2, a, b));
    // 40,000 keys in 2^32: 0.19 collisions expected.
    expect(hashes.size).toBeGreaterThan(39_996);
  });

  it('folds large and negative seeds and refuses others', () => {
    expect(foldSeed(2 ** 40 + 1)).not.toBe(foldSeed(1));
    expect(foldSeed(-5)).not.toBe(foldSeed(5));
    expect(() => foldSeed(0.5)).toThrow(RangeError);
    expect(() => foldSeed(Number.NaN)).toThrow(RangeError);
  });
});

describe('distributions', () => {
  it.each([
    ['normal (3, 2)', (random: SeededRandom) => drawNormal(random, 3, 2), 3, 4],
    ['gamma (2.5, 2)', (random: SeededRandom) => drawGamma(random, 2.5, 2), 5, 10],
    ['gamma (0.5, 1)', (random: SeededRandom) => drawGamma(random, 0.5), 0.5, 0.5],
    ['Poisson 1.3', (random: SeededRandom) => drawPoisson(random, 1.3), 1.3, 1.3],
    ['Poisson 75', (random: SeededRandom) => drawPoisson(random, 75), 75, 75],
    ['exponential 4', (random: SeededRandom) => drawExponential(random, 4), 4, 16],
  ])('%s has its mean and variance', (_, draw, mean, variance) => {
    const measured = moments(draw);
    expect(Math.abs(measured.mean / mean - 1)).toBeLessThan(0.02);
    expect(Math.abs(measured.variance / variance - 1)).toBeLessThan(0.06);
  });

  it('gives keyed noise of mean 0 and deviation 1', () => {
    let key = 0;
    const { mean, variance } = moments(() => noiseOfKeys(3, 15, key++));
    expect(mean).toBeCloseTo(0, 1);
    expect(variance).toBeCloseTo(1, 1);
  });

  it('weighs ranks by Zipf: 1, 1/2, 1/3 over 11/6', () => {
    const weights = zipfWeights(3, 1);
    [6 / 11, 3 / 11, 2 / 11].forEach((weight, rank) => expect(weights[rank]).toBeCloseTo(weight, 12));
  });

  it('never draws a weight of zero, and says so when there is nothing to draw', () => {
    const random = new SeededRandom(5);
    for (let i = 0; i < 1_000; i++) expect([1, 3]).toContain(drawIndex(random, [0, 2, 0, 1, 0]));
    expect(drawIndex(random, [0, 0])).toBe(-1);
    expect(drawIndex(random, [])).toBe(-1);
  });

  it('shuffles a copy', () => {
    const values = [1, 2, 3, 4, 5, 6];
    const mixed = shuffled(new SeededRandom(3), values);
    expect(values).toEqual([1, 2, 3, 4, 5, 6]);
    expect(mixed.toSorted()).toEqual(values);
  });

  it('refuses impossible parameters', () => {
    const random = new SeededRandom(1);
    expect(() => drawGamma(random, 0)).toThrow(RangeError);
    expect(() => drawPoisson(random, -1)).toThrow(RangeError);
    expect(() => drawPoisson(random, Infinity)).toThrow(RangeError);
  });
});

describe('AliasTable', () => {
  it('draws each index by its weight, a zero never', () => {
    const weights = [5, 0, 1, 3, 1];
    const table = new AliasTable(weights);
    const random = new SeededRandom(11);
    const counts = new Array<number>(weights.length).fill(0);
    for (let i = 0; i < DRAWS; i++) counts[table.draw(random)]!++;
    counts.forEach((count, i) => expect(Math.abs(count / DRAWS - weights[i]! / 10)).toBeLessThan(0.01));
    expect(counts[1]).toBe(0);
  });

  it('refuses weights that make no distribution', () => {
    expect(() => new AliasTable([])).toThrow(RangeError);
    expect(() => new AliasTable([0, 0])).toThrow(RangeError);
    expect(() => new AliasTable([1, -1])).toThrow(RangeError);
    expect(() => new AliasTable([1, Number.NaN])).toThrow(RangeError);
  });
});
