import type { Csr, RankedLists } from '#libs/algorithms';

/** Candidates of another source than the promoted model, best first for each customer. */
export interface OtherCandidates {
  readonly name: string;
  readonly of: (customer: number) => ArrayLike<number>;
}

export interface JoinOptions {
  /** Of each customer's candidates, spread evenly; 0: others only fill lists that the model leaves short. */
  readonly share: number;
  readonly productCount: number;
  /** What each customer is not offered again. */
  readonly excluded: Csr | undefined;
}

/** Whether the model has left the list of some customer with a history short. */
export function anyShort({ products, rows, count }: RankedLists, { offsets }: Pick<Csr, 'offsets'>): boolean {
  for (let row = 0; row < rows; row++)
    if (products[(row + 1) * count - 1] < 0 && offsets[row + 1] > offsets[row]) return true;
  return false;
}

/**
 * The first level's candidates from several sources: each knows its own items, and re-ranking works on the scores of the places that
 * they take. Others take turns, each with its best that nobody has named yet. O(customers × count).
 */
export function joinCandidates(
  own: RankedLists,
  others: readonly OtherCandidates[],
  { share, productCount, excluded }: JoinOptions,
): RankedLists {
  const { rows, count } = own;
  const products = new Int32Array(own.products);
  const scores = new Float32Array(own.scores);
  const sources = new Uint8Array(own.sources);
  const sourceNames = [...new Set([...own.sourceNames, ...others.map(({ name }) => name)])];
  const codes = others.map(({ name }) => sourceNames.indexOf(name));
  const named = new Int32Array(productCount).fill(-1);
  for (let customer = 0; customer < rows; customer++) {
    const start = customer * count;
    let length = 0;
    while (length < count && own.products[start + length] >= 0) length++;
    if (share === 0 && length === count) continue;
    for (let i = start; i < start + length; i++) named[own.products[i]] = customer;
    if (excluded !== undefined)
      for (let e = excluded.offsets[customer]; e < excluded.offsets[customer + 1]; e++)
        named[excluded.indices[e]] = customer;
    const next = takingTurns(others, customer, named);
    const lowest = length === 0 ? 1 : own.scores[start + length - 1];
    let taken = 0;
    for (let place = 0; place < count; place++) {
      const isTheirs = taken >= length || Math.floor((place + 1) * share) > Math.floor(place * share);
      const found = isTheirs ? next() : undefined;
      const at = start + place;
      if (found !== undefined) {
        products[at] = found.product;
        sources[at] = codes[found.other];
        scores[at] = taken < length ? own.scores[start + taken] : behind(lowest, place / count);
      } else if (taken < length) {
        products[at] = own.products[start + taken];
        sources[at] = own.sources[start + taken];
        scores[at] = own.scores[start + taken];
        taken++;
      } else {
        products[at] = -1;
      }
    }
  }
  return { rows, count, products, scores, sources, sourceNames };
}

/** Behind everything that the model knows, in order, and never zero, because zero means hidden. */
function behind(lowest: number, depth: number): number {
  return lowest > 0 ? lowest * 0.01 * (1.01 - depth) : lowest - 1e-3 * (1 + depth);
}

function takingTurns(
  others: readonly OtherCandidates[],
  customer: number,
  named: Int32Array,
): () => { product: number; other: number } | undefined {
  const lists = others.map(({ of }) => of(customer));
  const at = new Int32Array(lists.length);
  let turn = 0;
  return () => {
    for (let asked = 0; asked < lists.length; asked++) {
      const other = turn++ % lists.length;
      const list = lists[other];
      while (at[other] < list.length) {
        const product = list[at[other]++];
        if (product < 0) break;
        if (named[product] === customer) continue;
        named[product] = customer;
        return { product, other };
      }
    }
    return undefined;
  };
}
