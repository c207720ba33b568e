import { algorithms, rankCustomers, type Csr, type Executor, type RankedLists } from '#libs/algorithms';
import { LIST_SOURCES, type PackedList, type RerankingSettings } from '#libs/domain';
import type { Snapshot } from '../snapshot/snapshot.js';
import type { Prepared } from './prepare.stage.js';

const CONTENT = LIST_SOURCES.indexOf('content');

/**
 * For each customer the products that nobody has touched yet and that resemble what they like. No model of behaviour can know
 * them. Undefined where there are none, or nothing is known of them.
 */
export async function rankNewProducts(
  snapshot: Snapshot,
  prepared: Prepared,
  allowed: Uint8Array,
  { newProducts }: RerankingSettings,
  seed: number,
  executor: Executor,
): Promise<RankedLists | undefined> {
  const untouched = onlyUntouched(prepared.histories, allowed);
  const { attributes } = snapshot;
  if (newProducts === 0 || !untouched.includes(1) || attributes.terms.columns === 0) return undefined;
  const training = { ...prepared.dataset.training, attributes };
  const model = await algorithms.content.fit(training, algorithms.content.defaults, { seed, executor });
  const { histories } = prepared;
  return rankCustomers({
    model: model.serialize(),
    histories,
    allowed: untouched,
    count: newProducts,
    executor,
  });
}

function onlyUntouched({ offsets, indices, rows }: Csr, allowed: Uint8Array): Uint8Array {
  const untouched = Uint8Array.from(allowed);
  for (let entry = 0; entry < offsets[rows]; entry++) untouched[indices[entry]] = 0;
  return untouched;
}

/** Puts a customer's new products into places of the list, from `from` on; the length stays. */
export function mixIn(list: PackedList, ranked: RankedLists, customer: number, from: number): PackedList {
  const fresh: number[] = [];
  for (let i = customer * ranked.count; i < (customer + 1) * ranked.count; i++) {
    if (ranked.products[i] >= 0 && ranked.scores[i] > 0 && !list.products.includes(ranked.products[i]))
      fresh.push(ranked.products[i]);
  }
  const length = list.products.length;
  if (fresh.length === 0 || from + fresh.length > length) return list;
  // Between its neighbours: scores of content are on another scale.
  const score = list.scores[from];
  return {
    products: insert(new Int32Array(length), list.products, fresh, from),
    scores: insert(
      new Float32Array(length),
      list.scores,
      fresh.map(() => score),
      from,
    ),
    sources: insert(
      new Uint8Array(length),
      list.sources,
      fresh.map(() => CONTENT),
      from,
    ),
  };
}

/** The cells before `from`, the added ones, and as many of the others as there is room for. */
function insert<T extends Int32Array | Float32Array | Uint8Array>(
  target: T,
  cells: T,
  added: readonly number[],
  from: number,
): T {
  target.set(cells.subarray(0, from));
  target.set(added, from);
  target.set(cells.subarray(from, target.length - added.length), from + added.length);
  return target;
}
