import { drawIndex, drawPoisson } from '../random/distributions.js';
import type { SeededRandom } from '../random/seeded-random.js';
import type { InteractionType } from '../simulated-schema.js';
import type { Article, Collection } from './collections.js';

export interface SessionStep {
  type: Extract<InteractionType, 'view' | 'search' | 'click' | 'cart' | 'purchase'>;
  article: Article;
  /** Seconds since the session began. */
  second: number;
}

const MEAN_FURTHER_VIEWS = 2.6;
const SEARCH_SHARE = 0.22;
/** Log-odds of each step of the funnel for an article as good as the session's average one. */
const FUNNEL = [
  { type: 'click', intercept: -0.55 },
  { type: 'cart', intercept: -0.5 },
  { type: 'purchase', intercept: 0 },
] as const;
const FUNNEL_SLOPE = 0.45;

/**
 * One visit to one collection: a few articles are viewed in proportion to exp(logit), and the better one fits, the further
 * it goes through the funnel. `bought` is read and extended: nobody buys the same article twice.
 */
export function browse(
  random: SeededRandom,
  collection: Collection,
  logits: Float64Array,
  bought: Set<number>,
): SessionStep[] {
  const weights = softmaxWeights(collection, logits, bought);
  const views = 1 + drawPoisson(random, MEAN_FURTHER_VIEWS);
  const viewed: Article[] = [];
  for (let i = 0; i < views; i++) {
    const position = drawIndex(random, weights);
    if (position < 0) break;
    weights[position] = 0;
    viewed.push(collection.articles[position]!);
  }
  const mean =
    viewed.reduce((sum, article) => sum + logits[article.position]!, 0) / Math.max(1, viewed.length);
  const steps: SessionStep[] = [];
  let second = 0;
  const searched = random.chance(SEARCH_SHARE);
  viewed.forEach((article, i) => {
    if (i === 0 && searched) steps.push({ type: 'search', article, second });
    second = pushFunnel(steps, random, article, logits[article.position]! - mean, second + 5);
    if (steps.at(-1)!.type === 'purchase') bought.add(article.key);
  });
  return steps;
}

function pushFunnel(
  steps: SessionStep[],
  random: SeededRandom,
  article: Article,
  fit: number,
  start: number,
): number {
  let second = start;
  steps.push({ type: 'view', article, second });
  for (const { type, intercept } of FUNNEL) {
    if (!random.chance(1 / (1 + Math.exp(-(intercept + FUNNEL_SLOPE * fit))))) break;
    second += 4 + random.below(50);
    steps.push({ type, article, second });
  }
  return second + random.below(40);
}

/** Plain loops: this and the logits behind it are where a fashion world spends its time. */
function softmaxWeights(
  collection: Collection,
  logits: Float64Array,
  bought: ReadonlySet<number>,
): Float64Array {
  const weights = new Float64Array(logits.length);
  let top = -Infinity;
  for (let i = 0; i < logits.length; i++) if (logits[i]! > top) top = logits[i]!;
  for (let i = 0; i < logits.length; i++) {
    // Below exp(-14) nothing is ever drawn in the lifetime of a world.
    if (logits[i]! - top > -14) weights[i] = Math.exp(logits[i]! - top);
  }
  for (const key of bought) {
    const position = key - collection.firstKey;
    if (position >= 0 && position < weights.length) weights[position] = 0;
  }
  return weights;
}
