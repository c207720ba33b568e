import { normalQuantile } from './normal-quantile.js';
import { createRandom } from './random.js';
import { mean, quantile } from './summary.js';

describe('normalQuantile', () => {
  it('agrees with tabulated values (Wichura 1988)', () => {
    expect(normalQuantile(0.25)).toBeCloseTo(-0.6744897501960817, 14);
    expect(normalQuantile(0.001)).toBeCloseTo(-3.090232306167814, 14);
    expect(normalQuantile(1e-20)).toBeCloseTo(-9.262340089798408, 12);
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 14);
    expect([normalQuantile(0), normalQuantile(1), normalQuantile(2)]).toEqual([-Infinity, Infinity, NaN]);
  });
});

describe('createRandom', () => {
  it('repeats for a seed and differs between seeds and streams', () => {
    const first = (seed: number, ...stream: number[]) => createRandom(seed, ...stream).nextUint32();
    expect(first(1)).toBe(first(1));
    expect(new Set([first(1), first(2), first(1, 0), first(1, 1), first(1, 1, 1)]).size).toBe(5);
  });

  it('is uniform and normal to within four standard errors', () => {
    const random = createRandom(42);
    const n = 100000;
    expect(Math.abs(mean(Array.from({ length: n }, () => random.nextFloat())) - 0.5)).toBeLessThan(
      4 * Math.sqrt(1 / 12 / n),
    );
    const counts = new Array<number>(3).fill(0);
    for (let i = 0; i < n; i++) counts[random.nextInt(3)]++;
    for (const count of counts) expect(Math.abs(count / n - 1 / 3)).toBeLessThan(4 * Math.sqrt(2 / 9 / n));
    const normal = Array.from({ length: n }, () => random.nextGaussian());
    expect(Math.abs(mean(normal))).toBeLessThan(4 / Math.sqrt(n));
    expect(Math.abs(mean(normal.map((x) => x * x)) - 1)).toBeLessThan(4 * Math.sqrt(2 / n));
  });
});

describe('quantile', () => {
  it('interpolates between order statistics', () => {
    expect(quantile([1, 2, 4], 0.75)).toBe(3);
    expect(quantile([7], 0.3)).toBe(7);
    expect(quantile([], 0.5)).toBeNaN();
  });
});
