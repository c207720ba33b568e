import { describeAlgorithm } from '../testing/describe-algorithm.js';
import { algorithmNamed, algorithms } from './registry.js';

const ials = { ...algorithms.ials.defaults, factors: 6, sweeps: 4 };
const itemCf = { ...algorithms['item-cf'].defaults, neighbours: 20 };

describeAlgorithm(algorithms.popularity, algorithms.popularity.defaults);
describeAlgorithm(algorithms['segmented-popularity'], algorithms['segmented-popularity'].defaults);
describeAlgorithm(algorithms['item-cf'], itemCf);
describeAlgorithm(algorithms['user-cf'], { ...algorithms['user-cf'].defaults, neighbours: 20 });
describeAlgorithm(algorithms.rp3beta, { ...algorithms.rp3beta.defaults, neighbours: 20 });
describeAlgorithm(algorithms.ials, ials);
describeAlgorithm(algorithms.ease, { ...algorithms.ease.defaults, regularisation: 5 });
describeAlgorithm(algorithms.slim, { ...algorithms.slim.defaults, l1: 0.1, l2: 5 });
describeAlgorithm(algorithms.content, algorithms.content.defaults);
describeAlgorithm(
  algorithms.hybrid,
  algorithms.hybrid.validate({
    parts: {
      ials: { ...ials, weight: 0.4 },
      'item-cf': { ...itemCf, weight: 0.4 },
      popularity: { weight: 0.2 },
    },
  }),
);
describeAlgorithm(algorithms.bpr, { ...algorithms.bpr.defaults, factors: 6, epochs: 5 });
for (const name of ['biased-mf', 'svdpp'] as const)
  describeAlgorithm(algorithms[name], { factors: 6, sweeps: 4, initialScale: 0.1 });

describe('algorithmNamed', () => {
  it('finds by name and refuses what is not there', () => {
    expect(algorithmNamed('ials').name).toBe('ials');
    for (const name of ['svd', 'toString', '__proto__']) {
      expect(() => algorithmNamed(name)).toThrow(
        expect.objectContaining({ code: 'ALGORITHM_UNKNOWN', field: 'algorithm' }),
      );
    }
  });
});
