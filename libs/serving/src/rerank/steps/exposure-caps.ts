import type { StepSettings } from '#libs/domain';
import type { Ranking } from '../ranking.js';

/** How often each product stood among the first places of the lists made so far; absent for a single request. */
export interface ExposureCount {
  lists: number;
  readonly ofProduct: Int32Array;
}

/**
 * Fills the first places with at most `perCategory` products of one category, and with products that do not head more than
 * `listShare` of the lists. What was passed over comes right behind, in its order: nothing is lost, and where too little is
 * left for all places the rule gives way.
 */
export function exposureCaps(
  ranking: Ranking,
  categoryOf: Int32Array,
  { perCategory, places, listShare }: StepSettings<'exposureCaps'>,
  exposure?: ExposureCount,
): void {
  const inCategory = new Map<number, number>();
  const order: number[] = [];
  const passedOver: number[] = [];
  const most = exposure === undefined ? Infinity : Math.ceil(listShare * (exposure.lists + 1));
  for (let i = 0; i < ranking.count; i++) {
    const product = ranking.products[i];
    const category = categoryOf[product];
    const taken = inCategory.get(category) ?? 0;
    const isOpen = order.length < places;
    const isCrowded = category >= 0 && taken >= perCategory;
    if (isOpen && (isCrowded || (exposure !== undefined && exposure.ofProduct[product] >= most))) {
      passedOver.push(i);
      continue;
    }
    if (!isOpen) break;
    inCategory.set(category, taken + 1);
    order.push(i);
  }
  reorder(ranking, order, passedOver);
  if (exposure === undefined) return;
  exposure.lists++;
  for (let i = 0; i < Math.min(places, ranking.count); i++) exposure.ofProduct[ranking.products[i]]++;
}

function reorder(ranking: Ranking, first: readonly number[], passedOver: readonly number[]): void {
  if (passedOver.length === 0) return;
  const taken = new Set([...first, ...passedOver]);
  const order = [...first, ...passedOver];
  for (let i = 0; i < ranking.count; i++) if (!taken.has(i)) order.push(i);
  const products = ranking.products.slice(0, ranking.count);
  const scores = ranking.scores.slice(0, ranking.count);
  const origins = ranking.origins.slice(0, ranking.count);
  order.forEach((from, to) => {
    ranking.products[to] = products[from];
    ranking.origins[to] = origins[from];
    // Scores never rise along a list, whoever had to wait.
    ranking.scores[to] = to === 0 ? scores[from] : Math.min(scores[from], ranking.scores[to - 1]);
  });
}
