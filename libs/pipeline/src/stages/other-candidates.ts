import { loadModel, rankCustomers, type RankedLists } from '#libs/algorithms';
import type { RerankingSettings } from '#libs/domain';
import type { NightContext } from '../night-context.js';
import type { Snapshot } from '../snapshot/snapshot.js';
import { topProducts } from './fallback-lists.js';
import { anyShort, joinCandidates, type OtherCandidates } from './join-candidates.js';
import type { Prepared } from './prepare.stage.js';
import { productMapOf } from './score-models.js';
import { neighboursIn, type ModelPackage, type TrainOutput } from './train.stage.js';

const NEIGHBOURS = 'item-cf';
const POPULARITY = 'popularity';

/** Popularity is one list for everybody: it must hold enough behind what a customer has. */
const SPARE_PLACES = 1_000;

/** Joins what is bought together and what is popular to the model's candidates, where the model does not hold them itself. */
export async function withOtherCandidates(
  context: NightContext,
  ranked: RankedLists,
  winner: ModelPackage,
  snapshot: Snapshot,
  prepared: Prepared,
  allowed: Uint8Array,
  { otherCandidates: share }: RerankingSettings,
): Promise<RankedLists> {
  const { components } = loadModel(winner.model);
  const missing = [NEIGHBOURS, POPULARITY].filter((name) => !components.includes(name));
  if (missing.length === 0 || (share === 0 && !anyShort(ranked, prepared.histories))) return ranked;
  const excluded = context.template.repeatPurchases ? undefined : prepared.purchased;
  const others: OtherCandidates[] = [];
  const neighbours = missing.includes(NEIGHBOURS) ? await neighboursOf(context) : undefined;
  if (neighbours !== undefined) {
    const request = {
      model: neighbours.model,
      histories: prepared.histories,
      count: ranked.count,
      excluded,
      allowed,
      productMap: productMapOf(neighbours, snapshot),
      executor: context.executor,
    };
    const lists = await context.numerics('rank', () => rankCustomers(request));
    const of = (customer: number) =>
      lists.products.subarray(customer * lists.count, (customer + 1) * lists.count);
    others.push({ name: NEIGHBOURS, of });
  }
  if (missing.includes(POPULARITY)) {
    const { products } = topProducts(prepared.popularity, allowed, ranked.count + SPARE_PLACES, POPULARITY);
    others.push({ name: POPULARITY, of: () => products });
  }
  const productCount = snapshot.productIds.length;
  if (others.length === 0) return ranked;
  const options = { share, productCount, excluded };
  return context.numerics('rank', () => Promise.resolve(joinCandidates(ranked, others, options)));
}

async function neighboursOf(context: NightContext): Promise<ModelPackage | undefined> {
  const saved = neighboursIn(context.output<TrainOutput>('train'));
  return saved && (await context.workspace.load<ModelPackage>(saved));
}
