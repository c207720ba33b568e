import { InteractionKind } from '#libs/algorithms';
import { PROFILED_KINDS, type DataProfile, type NamedBins, type PriceBins } from '#libs/domain';
import type { Snapshot } from './snapshot.js';

/** What is recent enough to be compared with what comes next. */
const WINDOW_SECONDS = 28 * 86_400;
/** Bins with a name of their own; the rest shares one. */
const PRODUCTS = 19;
const GROUPS = 9;
const PRICE_BINS = 10;

export type ProfiledSnapshot = Pick<
  Snapshot,
  'events' | 'productIds' | 'segments' | 'countries' | 'watermarkSeconds'
>;

/** How products, groups of customers and prices are distributed over the last weeks, for the drift of what comes after. */
export function profileData(snapshot: ProfiledSnapshot): DataProfile | undefined {
  const { events, productIds, segments, countries, watermarkSeconds } = snapshot;
  const from = watermarkSeconds - WINDOW_SECONDS;
  const rows: number[][] = PROFILED_KINDS.map(() => []);
  const indexOf = new Map<number, number>(
    PROFILED_KINDS.map((kind, index) => [InteractionKind[kind], index]),
  );
  for (let row = 0; row < events.count; row++) {
    const kind = indexOf.get(events.kind[row]);
    if (kind === undefined || events.timeSeconds[row] < from || events.quantity[row] < 0) continue;
    rows[kind].push(row);
  }
  const most = rows.reduce((best, of, kind) => (of.length > rows[best].length ? kind : best), 0);
  const chosen = rows[most];
  if (chosen.length === 0) return undefined;
  const products = new Map<string, number>();
  const groups = new Map<string, number>();
  const prices: number[] = [];
  for (const row of chosen) {
    if (events.product[row] >= 0) count(products, productIds[events.product[row]]);
    const customer = events.customer[row];
    if (customer >= 0) count(groups, segments[customer] ?? countries[customer] ?? '');
    if (events.unitPrice[row] >= 0) prices.push(events.unitPrice[row]);
  }
  return {
    kind: PROFILED_KINDS[most],
    from: new Date(from * 1000).toISOString(),
    products: commonest(products, PRODUCTS),
    customers: commonest(groups, GROUPS),
    prices: deciles(prices),
  };
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function commonest(counts: ReadonlyMap<string, number>, most: number): NamedBins {
  const sorted = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  const rest = sorted.slice(most).reduce((sum, [, times]) => sum + times, 0);
  const named = sorted.slice(0, most);
  return { names: named.map(([name]) => name), counts: [...named.map(([, times]) => times), rest] };
}

/** Bins of about the same number each; where one price is that common, fewer. */
function deciles(prices: readonly number[]): PriceBins {
  const sorted = Float64Array.from(prices).sort();
  const edges: number[] = [];
  for (let bin = 1; bin < PRICE_BINS; bin++) {
    const edge = sorted[Math.floor((bin * sorted.length) / PRICE_BINS)];
    if (edge !== undefined && edge > (edges.at(-1) ?? sorted[0])) edges.push(edge);
  }
  const counts = new Array<number>(edges.length + 1).fill(0);
  let bin = 0;
  for (const price of sorted) {
    while (bin < edges.length && price >= edges[bin]) bin++;
    counts[bin]++;
  }
  return { edges, counts };
}
