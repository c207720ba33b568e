import type { LiveLine } from '#libs/serving';
import type { RelevanceChangeDto } from './preview.dto.js';
import type { Breakdown } from './step-causes.js';

/** Fewer say too little about the rest. */
const FEWEST = 10;
/** Half-width of a 95 % interval, in standard errors. */
const STANDARD_ERRORS = 1.96;
const RERANKING_BEGINS: readonly LiveLine['step'][] = ['model', 'session', 'search', 'facts', 'group'];

export interface ScoredList {
  /** Products of the list, by index in the file. */
  readonly products: readonly number[];
  readonly breakdown: Breakdown;
}

/** What the voices alone say of a product, before any step of re-ranking. */
function relevanceOf(lines: readonly LiveLine[] | undefined): number {
  const voices = (lines ?? []).filter(({ step, factor }) => factor === undefined && isVoice(step));
  return voices.at(-1)?.score ?? 0;
}

const isVoice = (step: LiveLine['step']): boolean => RERANKING_BEGINS.includes(step);

/**
 * How much of the relevance that the model itself sees in a list is won or lost, as a share of that of the list before: mean
 * over customers, with a normal interval. What is unlikely to be bought costs; whether it earns more, only an experiment shows.
 */
export function relevanceChange(
  before: readonly ScoredList[],
  after: readonly ScoredList[],
): RelevanceChangeDto | null {
  const changes = before.flatMap((list, i) => {
    const [was, is] = [sumOf(list), sumOf(after[i])];
    return was > 0 && list.products.length > 0 ? [is / was - 1] : [];
  });
  if (changes.length < FEWEST) return null;
  const mean = changes.reduce((sum, value) => sum + value, 0) / changes.length;
  const variance = changes.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (changes.length - 1);
  const half = STANDARD_ERRORS * Math.sqrt(variance / changes.length);
  return { change: mean, low: mean - half, high: mean + half, customers: changes.length };
}

function sumOf({ products, breakdown }: ScoredList): number {
  return products.reduce((sum, product) => sum + relevanceOf(breakdown.get(product)), 0);
}
