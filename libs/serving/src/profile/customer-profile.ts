import type { Trait } from '#libs/domain';
import type { CustomerView } from '../rerank/product-columns.js';

/** What a request knows of a customer: written by the night beside the list, in the product indices of the same file. */
export interface CustomerProfile extends CustomerView {
  /** Index into LOYALTY_TIERS, or UNKNOWN_SEGMENT. */
  readonly loyaltyTier: number;
  /** Scores 1 to 5 of recency, frequency and money; 0 without a purchase. */
  readonly rfm: readonly [number, number, number];
  /** What a model folds the customer in from: products with the strength of the preference. */
  readonly history: { readonly products: Int32Array; readonly values: Float32Array };
  /** Region, country, segment and what else the tenant knows of the customer. */
  readonly traits: Readonly<Record<string, Trait>>;
}

/** A profile as the night has it: the traits are still text. */
export interface ProfileSource extends Omit<CustomerProfile, 'traits'> {
  readonly traitsJson: string | null;
}

/** More pairs than that would say little more, and cost each request. The strongest preferences and newest purchases stay. */
export const MOST_PAIRS = 500;
const HEADER_BYTES = 24;
const MOST_TRAITS_LENGTH = 4_000;

/*
 * Little-endian: spending segment, loyalty tier, three scores u8, 3 bytes unused; mean price f32; pairs of the history, of
 * purchases and bytes of the traits u32; then columns: history products i32, values f32; purchases products i32, last days i32,
 * cycle days f32; traits as JSON.
 */
export function encodeProfile(source: ProfileSource): Uint8Array<ArrayBuffer> {
  const history = strongest(source.history);
  const bought = newest(source);
  const traits = Buffer.from(
    source.traitsJson === null || source.traitsJson.length > MOST_TRAITS_LENGTH ? '' : source.traitsJson,
  );
  const [pairs, purchases] = [history.products.length, bought.products.length];
  const bytes = new Uint8Array(HEADER_BYTES + 8 * pairs + 12 * purchases + traits.length);
  const view = new DataView(bytes.buffer);
  bytes.set([source.spendingSegment, source.loyaltyTier, ...source.rfm]);
  view.setFloat32(8, source.meanPrice, true);
  [pairs, purchases, traits.length].forEach((count, i) => view.setUint32(12 + 4 * i, count, true));
  const columns = columnsOf(bytes.buffer, pairs, purchases);
  columns.historyProducts.set(history.products);
  columns.historyValues.set(history.values);
  columns.products.set(bought.products);
  columns.lastDays.set(bought.lastDays);
  columns.cycleDays.set(bought.cycleDays);
  bytes.set(traits, bytes.length - traits.length);
  return bytes;
}

/** Views of the bytes, which must be the reader's own copy. Undefined when they are not a profile over these products. */
export function decodeProfile(
  bytes: Uint8Array<ArrayBuffer>,
  productCount: number,
): CustomerProfile | undefined {
  if (bytes.length < HEADER_BYTES) return undefined;
  const view = new DataView(bytes.buffer);
  const [pairs, purchases, traitBytes] = [12, 16, 20].map((at) => view.getUint32(at, true));
  if (bytes.length !== HEADER_BYTES + 8 * pairs + 12 * purchases + traitBytes) return undefined;
  const columns = columnsOf(bytes.buffer, pairs, purchases);
  const isProduct = (product: number) => product >= 0 && product < productCount;
  if (!columns.historyProducts.every(isProduct) || !columns.products.every(isProduct)) return undefined;
  const traits = Buffer.from(bytes.buffer, bytes.length - traitBytes, traitBytes).toString();
  return {
    spendingSegment: bytes[0],
    loyaltyTier: bytes[1],
    rfm: [bytes[2], bytes[3], bytes[4]],
    meanPrice: view.getFloat32(8, true),
    history: { products: columns.historyProducts, values: columns.historyValues },
    products: columns.products,
    lastDays: columns.lastDays,
    cycleDays: columns.cycleDays,
    traits: traits === '' ? {} : (JSON.parse(traits) as Record<string, Trait>),
  };
}

function columnsOf(buffer: ArrayBuffer, pairs: number, purchases: number) {
  const at = (cells: number) => HEADER_BYTES + 4 * cells;
  return {
    historyProducts: new Int32Array(buffer, at(0), pairs),
    historyValues: new Float32Array(buffer, at(pairs), pairs),
    products: new Int32Array(buffer, at(2 * pairs), purchases),
    lastDays: new Int32Array(buffer, at(2 * pairs + purchases), purchases),
    cycleDays: new Float32Array(buffer, at(2 * pairs + 2 * purchases), purchases),
  };
}

function strongest({ products, values }: CustomerProfile['history']): CustomerProfile['history'] {
  if (products.length <= MOST_PAIRS) return { products, values };
  const kept = largest(values);
  return { products: products.filter((_, i) => kept.has(i)), values: values.filter((_, i) => kept.has(i)) };
}

function newest({
  products,
  lastDays,
  cycleDays,
}: ProfileSource): Pick<CustomerView, 'products' | 'lastDays' | 'cycleDays'> {
  if (products.length <= MOST_PAIRS) return { products, lastDays, cycleDays };
  const kept = largest(lastDays);
  const keep = <T extends Int32Array | Float32Array>(column: T) => column.filter((_, i) => kept.has(i)) as T;
  return { products: keep(products), lastDays: keep(lastDays), cycleDays: keep(cycleDays) };
}

/** Places of the MOST_PAIRS largest values; of equals, the first. */
function largest(values: ArrayLike<number>): ReadonlySet<number> {
  const places = Array.from({ length: values.length }, (_, i) => i);
  return new Set(places.sort((a, b) => values[b] - values[a] || a - b).slice(0, MOST_PAIRS));
}
