import { drawIndex, drawPoisson } from '../random/distributions.js';
import type { SeededRandom } from '../random/seeded-random.js';
import type { InteractionType } from '../simulated-schema.js';

export interface PlanStep {
  type: Extract<InteractionType, 'view' | 'search' | 'click' | 'cart' | 'purchase'>;
  planIndex: number;
  second: number;
}

const MEAN_FURTHER_VIEWS = 0.9;
/** People look at plans more narrowly than they err when they sign. */
const VIEW_SHARPNESS = 1.3;
const CLICK_SHARE = 0.25;
const CART_SHARE = 0.12;
const SEARCH_SHARE = 0.12;

/** Somebody looks at plans that might suit them; `chosen` is the plan they sign in the end, if they do. */
export function browsePlans(
  random: SeededRandom,
  utilities: ArrayLike<number>,
  chosen: number | undefined,
): PlanStep[] {
  const weights = Float64Array.from(utilities, (utility) => Math.exp(VIEW_SHARPNESS * utility));
  const count = 1 + drawPoisson(random, MEAN_FURTHER_VIEWS);
  const steps: PlanStep[] = [];
  let second = 0;
  const look = (planIndex: number): void => {
    weights[planIndex] = 0;
    steps.push({ type: 'view', planIndex, second });
    second += 15 + random.below(120);
  };
  if (random.chance(SEARCH_SHARE)) {
    const planIndex = drawIndex(random, weights);
    steps.push({ type: 'search', planIndex, second });
    second += 3;
  }
  for (let i = 0; i < count; i++) {
    const planIndex = drawIndex(random, weights);
    if (planIndex < 0) break;
    look(planIndex);
    if (planIndex === chosen || !random.chance(CLICK_SHARE)) continue;
    steps.push({ type: 'click', planIndex, second: second - 5 });
    if (chosen === undefined && random.chance(CART_SHARE))
      steps.push({ type: 'cart', planIndex, second: second - 2 });
  }
  if (chosen !== undefined) {
    if (weights[chosen]! > 0) look(chosen);
    steps.push(
      { type: 'click', planIndex: chosen, second },
      { type: 'cart', planIndex: chosen, second: second + 40 },
    );
    steps.push({ type: 'purchase', planIndex: chosen, second: second + 200 });
  }
  return steps;
}
