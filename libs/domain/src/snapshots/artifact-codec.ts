import { NightshiftError } from '../errors/nightshift-error.js';

/**
 * File format for what the stages of a night hand on: a JSON document whose typed arrays stand behind it as raw bytes.
 *
 * 8 bytes magic, uint32 length of the JSON, uint32 unused, JSON, then each array at a multiple of 64 bytes.
 * In the JSON an array reads {"$array": [kind, byte offset from the end of the JSON block, length]}, and a number that JSON
 * cannot hold (NaN, ±Infinity, -0) reads {"$number": "NaN"}: a stage must find the same values after a restart as before.
 * Decoding copies nothing: the arrays are views of the bytes given.
 */
const MAGIC = 0x3154524154464853n; // "SHFTART1" read as a little-endian number: the 1 is the version
const ALIGNMENT = 64;
const HEADER_BYTES = 16;

const ARRAY_KINDS = {
  Int8Array,
  Uint8Array,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
};
type ArrayKind = keyof typeof ARRAY_KINDS;
type AnyTypedArray = InstanceType<(typeof ARRAY_KINDS)[ArrayKind]>;

function isTypedArray(value: unknown): value is AnyTypedArray {
  return ArrayBuffer.isView(value) && value.constructor.name in ARRAY_KINDS;
}

function isBeyondJson(value: unknown): value is number {
  return typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0));
}

const align = (bytes: number) => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

/** Chunks of the file, in order; the same value gives the same bytes. */
export function* encodeArtifact(value: object): Generator<Uint8Array> {
  const arrays: AnyTypedArray[] = [];
  let offset = 0;
  const json = JSON.stringify(value, (_key, field: unknown) => {
    if (isBeyondJson(field)) return { $number: Object.is(field, -0) ? '-0' : String(field) };
    if (!isTypedArray(field)) {
      if (ArrayBuffer.isView(field))
        throw new TypeError(`An artifact cannot hold a ${field.constructor.name}.`);
      return field;
    }
    arrays.push(field);
    const place = [field.constructor.name, offset, field.length];
    offset += align(field.byteLength);
    return { $array: place };
  });
  const text = new TextEncoder().encode(json);
  const head = new Uint8Array(align(HEADER_BYTES + text.length));
  const view = new DataView(head.buffer);
  view.setBigUint64(0, MAGIC, true);
  view.setUint32(8, text.length, true);
  head.set(text, HEADER_BYTES);
  yield head;
  for (const array of arrays) {
    yield new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    const padding = align(array.byteLength) - array.byteLength;
    if (padding > 0) yield new Uint8Array(padding);
  }
}

/** @throws NightshiftError `artifactCorrupt` */
export function decodeArtifact<T>(bytes: Uint8Array): T {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength < HEADER_BYTES || view.getBigUint64(0, true) !== MAGIC) {
    throw corrupt('This is not an artifact of a night, or of another format.');
  }
  const textLength = view.getUint32(8, true);
  // Decoding text from shared memory is not allowed everywhere: copy the small part that is text.
  const text = new TextDecoder().decode(bytes.slice(HEADER_BYTES, HEADER_BYTES + textLength));
  const base = align(HEADER_BYTES + textLength);
  try {
    return JSON.parse(text, (_key, field: unknown) => restore(bytes, base, field)) as T;
  } catch (error) {
    throw corrupt('This artifact of a night is damaged.', error);
  }
}

interface Placeholder {
  readonly $array?: readonly [ArrayKind, number, number];
  readonly $number?: string;
}

function restore(bytes: Uint8Array, base: number, field: unknown): unknown {
  const { $array: place, $number: number } = (field ?? {}) as Placeholder;
  if (number !== undefined) return Number(number);
  if (place === undefined) return field;
  const [kind, offset, length] = place;
  if (base + offset + length * ARRAY_KINDS[kind].BYTES_PER_ELEMENT > bytes.byteLength)
    throw new RangeError('The file is cut short.');
  return new ARRAY_KINDS[kind](bytes.buffer as ArrayBuffer, bytes.byteOffset + base + offset, length);
}

function corrupt(message: string, cause?: unknown): NightshiftError {
  return new NightshiftError('internal', 'artifactCorrupt', message, { cause });
}
