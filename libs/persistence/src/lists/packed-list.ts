import { LIST_SOURCES, NightshiftError, type PackedList, type RankedListEntry } from '#libs/domain';

/**
 * A list in a file, little-endian: length u16, then three columns: product index u32, score f32, source u8. Columns,
 * because a reader that wants 10 of 100 entries touches only the head of each.
 */
const HEADER_BYTES = 2;
const ENTRY_BYTES = 9;
const MAXIMUM_LENGTH = 0xffff;

/** @throws NightshiftError `invalidList` for columns that disagree, unknown products or sources, or scores that are no numbers */
export function encodeList(list: PackedList, products: number): Buffer {
  const length = list.products.length;
  if (list.scores.length !== length || list.sources.length !== length || length > MAXIMUM_LENGTH) {
    throw invalid(`its columns have ${length}, ${list.scores.length} and ${list.sources.length} entries`);
  }
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + ENTRY_BYTES * length);
  bytes.writeUInt16LE(length, 0);
  for (let i = 0; i < length; i++) {
    const product = list.products[i];
    if (product < 0 || product >= products) throw invalid(`it names product ${product} of ${products}`);
    if (!Number.isFinite(list.scores[i])) throw invalid(`the score at ${i} is not a number`);
    if (list.sources[i] >= LIST_SOURCES.length) throw invalid(`it names source ${list.sources[i]}`);
    bytes.writeUInt32LE(product, HEADER_BYTES + 4 * i);
    bytes.writeFloatLE(list.scores[i], HEADER_BYTES + 4 * length + 4 * i);
    bytes[HEADER_BYTES + 8 * length + i] = list.sources[i];
  }
  return bytes;
}

/** All entries as columns of their own. @returns undefined when the bytes are not a list over these products */
export function decodeColumns(bytes: Buffer, size: number, products: number): PackedList | undefined {
  const length = lengthOf(bytes, size);
  if (length === undefined) return undefined;
  const list = {
    products: new Int32Array(length),
    scores: new Float32Array(length),
    sources: new Uint8Array(length),
  };
  for (let i = 0; i < length; i++) {
    list.products[i] = bytes.readUInt32LE(HEADER_BYTES + 4 * i);
    list.scores[i] = bytes.readFloatLE(HEADER_BYTES + 4 * length + 4 * i);
    list.sources[i] = bytes[HEADER_BYTES + 8 * length + i];
    if (list.products[i] >= products || list.sources[i] >= LIST_SOURCES.length) return undefined;
  }
  return list;
}

function lengthOf(bytes: Buffer, size: number): number | undefined {
  if (size < HEADER_BYTES) return undefined;
  const length = bytes.readUInt16LE(0);
  return size === HEADER_BYTES + ENTRY_BYTES * length ? length : undefined;
}

/**
 * The first `count` entries that are not hidden. `size` is the value's length: LMDB hands out a longer, reused buffer.
 * @returns undefined when the bytes are not a list over these products
 */
export function decodeList(
  bytes: Buffer,
  size: number,
  count: number,
  productIds: readonly string[],
  hidden?: Uint8Array,
): RankedListEntry[] | undefined {
  const length = lengthOf(bytes, size);
  if (length === undefined) return undefined;
  if (hidden !== undefined) return decodeShown(bytes, length, count, productIds, hidden);
  const wanted = Math.min(count, length);
  const scores = HEADER_BYTES + 4 * length;
  const sources = HEADER_BYTES + 8 * length;
  const entries = new Array<RankedListEntry>(wanted);
  for (let i = 0; i < wanted; i++) {
    const productId = productIds[bytes.readUInt32LE(HEADER_BYTES + 4 * i)];
    const source = LIST_SOURCES[bytes[sources + i]];
    if (productId === undefined || source === undefined) return undefined;
    entries[i] = { productId, score: bytes.readFloatLE(scores + 4 * i), source };
  }
  return entries;
}

/** Apart from the plain way: where nothing is hidden, nothing is looked up either. */
function decodeShown(
  bytes: Buffer,
  length: number,
  count: number,
  productIds: readonly string[],
  hidden: Uint8Array,
): RankedListEntry[] | undefined {
  const entries: RankedListEntry[] = [];
  for (let i = 0; i < length && entries.length < count; i++) {
    const product = bytes.readUInt32LE(HEADER_BYTES + 4 * i);
    if (hidden[product] === 1) continue;
    const productId = productIds[product];
    const source = LIST_SOURCES[bytes[HEADER_BYTES + 8 * length + i]];
    if (productId === undefined || source === undefined) return undefined;
    entries.push({ productId, score: bytes.readFloatLE(HEADER_BYTES + 4 * length + 4 * i), source });
  }
  return entries;
}

function invalid(what: string): NightshiftError {
  return new NightshiftError('internal', 'invalidList', `This list cannot be written: ${what}.`);
}
