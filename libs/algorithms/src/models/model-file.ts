import { ModelFormatError } from '../errors.js';
import { sharedUint8 } from '../parallel/shared-arrays.js';
import { absorb32, mix32 } from '../statistics/mix.js';

/*
 * Layout, little-endian (as every platform that Node runs on):
 *   0  'NSMF'   4  u32 format version   8  u32 checksum of bytes 12 …   12  u32 header length
 *   16 header: JSON, padded with spaces to 16 bytes; then the arrays, each aligned to 16 bytes.
 */
const MAGIC = 0x464d534e;
const FORMAT_VERSION = 1;
const PRELUDE_BYTES = 16;
const ALIGNMENT = 16;

type ArrayType = 'u8' | 'i32' | 'f32' | 'f64';
export type ModelArray = Uint8Array | Int32Array | Float32Array | Float64Array;

/** Views of shared memory, by element type. */
const VIEWS: Record<ArrayType, (buffer: SharedArrayBuffer, offset: number, length: number) => ModelArray> = {
  u8: (buffer, offset, length) => new Uint8Array(buffer, offset, length),
  i32: (buffer, offset, length) => new Int32Array(buffer, offset, length),
  f32: (buffer, offset, length) => new Float32Array(buffer, offset, length),
  f64: (buffer, offset, length) => new Float64Array(buffer, offset, length),
};

interface ArrayEntry {
  readonly name: string;
  readonly type: ArrayType;
  readonly length: number;
  /** From the end of the header. */
  readonly offset: number;
}

interface Header {
  readonly algorithm: string;
  readonly params: object;
  readonly productCount: number;
  readonly arrays: readonly ArrayEntry[];
}

/** A model's bytes taken apart; the arrays are views of `bytes`, not copies. */
export interface ModelFile {
  readonly algorithm: string;
  readonly params: object;
  readonly productCount: number;
  readonly bytes: Uint8Array<SharedArrayBuffer>;
  array(name: string, type: 'u8', length?: number): Uint8Array<SharedArrayBuffer>;
  array(name: string, type: 'i32', length?: number): Int32Array;
  array(name: string, type: 'f32', length?: number): Float32Array;
  array(name: string, type: 'f64', length?: number): Float64Array;
}

function align(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

/** MurmurHash3 over 32-bit words in four interleaved lanes: finds any single damaged word. Length is a multiple of 4. */
function checksum(bytes: Uint8Array): number {
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + 12, (bytes.byteLength - 12) >> 2);
  const lanes = new Int32Array([1, 2, 3, 4]);
  for (let i = 0; i < words.length; i++) lanes[i & 3] = absorb32(lanes[i & 3], words[i]);
  return mix32(absorb32(absorb32(absorb32(absorb32(words.length, lanes[0]), lanes[1]), lanes[2]), lanes[3]));
}

function typeOf(array: ModelArray): ArrayType {
  if (array instanceof Uint8Array) return 'u8';
  if (array instanceof Int32Array) return 'i32';
  return array instanceof Float32Array ? 'f32' : 'f64';
}

/** The bytes of a model; the same content always gives the same bytes. */
export function writeModelFile(
  algorithm: string,
  params: object,
  productCount: number,
  arrays: Readonly<Record<string, ModelArray>>,
): Uint8Array<SharedArrayBuffer> {
  let offset = 0;
  const entries: ArrayEntry[] = Object.entries(arrays).map(([name, array]) => {
    const entry = { name, type: typeOf(array), length: array.length, offset };
    offset += align(array.byteLength);
    return entry;
  });
  const header: Header = { algorithm, params, productCount, arrays: entries };
  const json = new TextEncoder().encode(JSON.stringify(header));
  const headerLength = align(json.length);
  const bytes = sharedUint8(PRELUDE_BYTES + headerLength + offset);
  const prelude = new DataView(bytes.buffer);
  prelude.setUint32(0, MAGIC, true);
  prelude.setUint32(4, FORMAT_VERSION, true);
  prelude.setUint32(12, headerLength, true);
  bytes.fill(0x20, PRELUDE_BYTES, PRELUDE_BYTES + headerLength);
  bytes.set(json, PRELUDE_BYTES);
  for (const { name, offset: start } of entries) {
    const array = arrays[name];
    const raw = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    bytes.set(raw, PRELUDE_BYTES + headerLength + start);
  }
  prelude.setUint32(8, checksum(bytes), true);
  return bytes;
}

/** The same bytes over shared, aligned memory; copied only if they are not so already. */
function asShared(bytes: Uint8Array): Uint8Array<SharedArrayBuffer> {
  if (bytes.buffer instanceof SharedArrayBuffer && bytes.byteOffset % 8 === 0) {
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  const copy = sharedUint8(bytes.byteLength);
  copy.set(bytes);
  return copy;
}

function checkPrelude(bytes: Uint8Array, verifyChecksum: boolean): void {
  if (bytes.byteLength < PRELUDE_BYTES || bytes.byteLength % 4 !== 0) {
    throw new ModelFormatError('MODEL_CORRUPT', `${bytes.byteLength} bytes are not a model`);
  }
  const prelude = new DataView(bytes.buffer, bytes.byteOffset, PRELUDE_BYTES);
  if (prelude.getUint32(0, true) !== MAGIC) {
    throw new ModelFormatError('MODEL_CORRUPT', 'the bytes do not start as a model does');
  }
  const version = prelude.getUint32(4, true);
  if (version !== FORMAT_VERSION) {
    throw new ModelFormatError(
      'MODEL_VERSION_UNKNOWN',
      `format version ${version}, this code reads ${FORMAT_VERSION}`,
    );
  }
  if (verifyChecksum && prelude.getUint32(8, true) !== checksum(bytes)) {
    throw new ModelFormatError('MODEL_CORRUPT', 'checksum does not match');
  }
}

function parseHeader(bytes: Uint8Array, headerLength: number): Header {
  try {
    // A decoder may refuse shared memory, so it gets a copy of these few bytes.
    const json = bytes.slice(PRELUDE_BYTES, PRELUDE_BYTES + headerLength);
    return JSON.parse(new TextDecoder().decode(json)) as Header;
  } catch {
    throw new ModelFormatError('MODEL_CORRUPT', 'the header is not JSON');
  }
}

/**
 * Takes model bytes apart without copying them (unless they are unaligned or not over shared memory).
 * @param verifyChecksum false only for bytes that this process has verified before (a thread's share of a task)
 * @throws ModelFormatError MODEL_CORRUPT, MODEL_VERSION_UNKNOWN
 */
export function readModelFile(source: Uint8Array, verifyChecksum: boolean): ModelFile {
  const bytes = asShared(source);
  checkPrelude(bytes, verifyChecksum);
  const headerLength = new DataView(bytes.buffer, bytes.byteOffset).getUint32(12, true);
  const header = parseHeader(bytes, headerLength);
  const base = bytes.byteOffset + PRELUDE_BYTES + headerLength;
  const array = (name: string, type: ArrayType, length?: number) => {
    const entry = header.arrays.find((candidate) => candidate.name === name && candidate.type === type);
    if (entry === undefined || (length !== undefined && entry.length !== length)) {
      throw new ModelFormatError('MODEL_CORRUPT', `array ${name} is missing or of the wrong length`);
    }
    return VIEWS[type](bytes.buffer, base + entry.offset, entry.length);
  };
  const { algorithm, params, productCount } = header;
  return { algorithm, params, productCount, bytes, array: array as ModelFile['array'] };
}
