import type { RerankingSettings, RerankingStepName } from '#libs/domain';
import { activeFactors, type FactorStep } from './factor-steps.js';
import { CustomerOnProducts } from './customer-on-products.js';
import { discountsAt, likeness, type CustomerView, type ProductColumns } from './product-columns.js';
import { settleOrder, type Candidates, type Ranking } from './ranking.js';
import { diversity } from './steps/diversity.js';
import { exposureCaps, type ExposureCount } from './steps/exposure-caps.js';

/** One line of a score breakdown: what a step made of the score. */
export interface BreakdownLine {
  readonly step: 'model' | RerankingStepName;
  /** Score after the step. */
  readonly score: number;
  /** By how much the step multiplied it; absent where a step does not multiply. */
  readonly factor?: number;
}

export interface RerankOptions {
  /** Length of the list wanted. */
  readonly count: number;
  readonly nowSeconds: number;
  readonly exposure?: ExposureCount;
  /** Overrides the weight of the diversity step for this list: 0 switches it off. */
  readonly diversity?: number;
  readonly explain?: boolean;
}

export interface Reranked extends Ranking {
  /** Lines of each product in the list, in the order in which steps acted; only when asked for. */
  readonly breakdown?: ReadonlyMap<number, readonly BreakdownLine[]>;
}

/**
 * The second level: candidates of a model in, a list for this customer now out. The night and the request use the same code, so
 * that a request without news gives the night's list again. One per thread and catalogue; not re-entrant.
 */
export class Reranker {
  private readonly customer: CustomerOnProducts;
  private readonly factors: readonly FactorStep[];
  /** Without categories and brands nothing is like anything. */
  private readonly knowsKinds: boolean;
  private discounts: ReadonlyMap<number, number> = new Map();
  private discountsOf = NaN;

  constructor(
    private readonly products: ProductColumns,
    private readonly settings: RerankingSettings,
  ) {
    this.customer = new CustomerOnProducts(products);
    this.factors = activeFactors(settings);
    const { category, brand } = products;
    this.knowsKinds = category.some((of) => of >= 0) || brand.some((of) => of >= 0);
  }

  /** Whether any step could change a list: without one, candidates are the list. */
  get isIdle(): boolean {
    const { diversity: mmr, exposureCaps: caps } = this.settings.steps;
    const { minimumRelevance } = this.settings;
    const rearranges = (mmr.enabled && this.knowsKinds) || caps.enabled;
    return this.factors.length === 0 && !rearranges && minimumRelevance === 0;
  }

  rerank(candidates: Candidates, view: CustomerView, options: RerankOptions): Reranked {
    const ranking = copyOf(candidates);
    const lines = options.explain === true ? new Map<number, BreakdownLine[]>() : undefined;
    if (ranking.count === 0) return { ...ranking, breakdown: lines };
    liftAboveZero(ranking);
    const note = lines && noteInto(lines);
    note?.(ranking, 'model');
    this.multiply(ranking, view, options.nowSeconds, note);
    settleOrder(ranking);
    this.dropIrrelevant(ranking);
    this.rearrange(ranking, options, note);
    ranking.count = Math.min(ranking.count, options.count);
    return { ...ranking, breakdown: lines };
  }

  private multiply(ranking: Ranking, view: CustomerView, nowSeconds: number, note?: Note): void {
    if (this.factors.length === 0) return;
    this.refreshDiscounts(nowSeconds);
    const { customer, products, discounts } = this;
    customer.enter(view);
    const scene = { products, customer, view, discounts, nowDay: nowSeconds / 86_400 };
    for (const { name, factorOf } of this.factors) {
      for (let i = 0; i < ranking.count; i++) ranking.scores[i] *= factorOf(ranking.products[i], scene);
      note?.(ranking, name);
    }
    customer.leave(view);
  }

  private dropIrrelevant(ranking: Ranking): void {
    const least = this.settings.minimumRelevance * ranking.scores[0];
    if (least <= 0) return;
    while (ranking.count > 0 && ranking.scores[ranking.count - 1] < least) ranking.count--;
  }

  private rearrange(ranking: Ranking, options: RerankOptions, note?: Note): void {
    const { diversity: mmr, exposureCaps: caps } = this.settings.steps;
    const weight = options.diversity ?? (mmr.enabled ? mmr.weight : 0);
    if (weight > 0 && this.knowsKinds && ranking.count > 0) {
      diversity(ranking, Math.min(mmr.places, options.count), (a, b) => likeness(this.products, a, b), {
        weight,
      });
      note?.(ranking, 'diversity');
    }
    if (!caps.enabled) return;
    exposureCaps(ranking, this.products.category, caps, options.exposure);
    note?.(ranking, 'exposureCaps');
  }

  private refreshDiscounts(nowSeconds: number): void {
    const { promotions } = this.products;
    if (promotions.product.length === 0 || this.discountsOf === nowSeconds) return;
    this.discounts = discountsAt(promotions, nowSeconds);
    this.discountsOf = nowSeconds;
  }
}

type Note = (ranking: Ranking, step: BreakdownLine['step']) => void;

function noteInto(lines: Map<number, BreakdownLine[]>): Note {
  return (ranking, step) => {
    const multiplies = step !== 'model' && step !== 'diversity' && step !== 'exposureCaps';
    for (let i = 0; i < ranking.count; i++) {
      const product = ranking.products[i];
      const score = ranking.scores[i];
      const before = lines.get(product);
      if (before === undefined) lines.set(product, [{ step, score }]);
      else if (multiplies && before[before.length - 1].score !== 0)
        before.push({ step, score, factor: score / before[before.length - 1].score });
      else before.push({ step, score });
    }
  };
}

function copyOf({ count, products, scores }: Candidates): Ranking {
  const copy = {
    count,
    products: products.slice(0, count),
    scores: new Float64Array(count),
    origins: new Int32Array(count),
  };
  for (let i = 0; i < count; i++) {
    copy.scores[i] = scores[i];
    copy.origins[i] = i;
  }
  return copy;
}

/** Factors need a scale with a zero. Models whose scores go below it are moved up, their order and distances kept. */
function liftAboveZero({ scores, count }: Ranking): void {
  let [lowest, highest] = [Infinity, -Infinity];
  for (let i = 0; i < count; i++) {
    lowest = Math.min(lowest, scores[i]);
    highest = Math.max(highest, scores[i]);
  }
  if (lowest > 0) return;
  const margin = highest > lowest ? (highest - lowest) / 100 : 1;
  for (let i = 0; i < count; i++) scores[i] += margin - lowest;
}
