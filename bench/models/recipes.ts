export interface BenchRecipe {
  readonly algorithm: string;
  readonly params: Readonly<Record<string, unknown>>;
}

type Weights = Readonly<Record<string, number>>;

/** 64 factors, and never more than products: what every night took before this measurement. */
const few = (products: number) => ({ factors: Math.min(64, products) });
const many = { factors: 128 };

/** What a night could train, for a tenant with so many products. Parameters that are not given are the algorithm's defaults. */
export const RECIPES: Readonly<Record<string, (products: number) => BenchRecipe>> = {
  popularity: () => ({ algorithm: 'popularity', params: {} }),
  'item-cf': () => ({ algorithm: 'item-cf', params: {} }),
  'ials 64': (products) => ({ algorithm: 'ials', params: few(products) }),
  'ials 128': () => ({ algorithm: 'ials', params: many }),
  'ials 256': () => ({ algorithm: 'ials', params: { factors: 256 } }),
  ease: () => ({ algorithm: 'ease', params: {} }),
  'ease λ=20': () => ({ algorithm: 'ease', params: { regularisation: 20 } }),
  rp3beta: () => ({ algorithm: 'rp3beta', params: {} }),
  'hybrid 64': (products) => hybrid({ ials: 0.4, 'item-cf': 0.4, popularity: 0.2 }, few(products)),
  'hybrid 128': () => hybrid({ ials: 0.4, 'item-cf': 0.4, popularity: 0.2 }, many),
  'hybrid 128, 60/30/10': () => hybrid({ ials: 0.6, 'item-cf': 0.3, popularity: 0.1 }, many),
  'hybrid with ease': () => hybrid({ ials: 0.4, ease: 0.4, popularity: 0.2 }, many),
  'hybrid with rp3beta': () => hybrid({ ials: 0.4, rp3beta: 0.4, popularity: 0.2 }, many),
  'hybrid, learned': () => hybrid({ ials: 0.4, 'item-cf': 0.4, popularity: 0.2 }, many, 'learned'),
  'hybrid with ease, learned': () =>
    hybrid({ ials: 0.3, 'item-cf': 0.3, ease: 0.3, popularity: 0.1 }, many, 'learned'),
};

function hybrid(weights: Weights, ials: object, weighting = 'given'): BenchRecipe {
  const parts = Object.entries(weights).map(([name, weight]) => [
    name,
    name === 'ials' ? { ...ials, weight } : { weight },
  ]);
  return { algorithm: 'hybrid', params: { weighting, parts: Object.fromEntries(parts) } };
}

/** The night that the others are compared with. */
export const REFERENCE_NIGHT = '64 factors';

const TEMPLATE = ['popularity', 'item-cf', 'ials 128', 'hybrid 128'];

/** Sets of recipes, simpler ones first, of which a night picks its challenger. */
export const NIGHTS: Readonly<Record<string, readonly string[]>> = {
  [REFERENCE_NIGHT]: ['popularity', 'item-cf', 'ials 64', 'hybrid 64'],
  'hybrid alone': ['popularity', 'hybrid 64'],
  'ials alone': ['popularity', 'ials 64'],
  '128 factors (template)': TEMPLATE,
  '256 factors': ['popularity', 'item-cf', 'ials 256', 'hybrid 128'],
  '128 factors, 60/30/10': ['popularity', 'item-cf', 'ials 128', 'hybrid 128, 60/30/10'],
  'template + ease': [...TEMPLATE, 'ease'],
  'template + ease λ=20': [...TEMPLATE, 'ease λ=20'],
  'template + rp3beta': [...TEMPLATE, 'rp3beta'],
  'template + hybrid with rp3beta': [...TEMPLATE, 'hybrid with rp3beta'],
  'template + hybrid with ease': [...TEMPLATE, 'hybrid with ease'],
  'template + learned hybrid': [...TEMPLATE, 'hybrid, learned'],
  'template + learned hybrid with ease': [...TEMPLATE, 'hybrid with ease, learned'],
};
