import { NightshiftError } from '#libs/domain';

/**
 * Keys: one byte for the kind, then the id in UTF-8. Ids keep every character that they had; only their length is bounded,
 * because LMDB's keys are.
 */
export const HEADER_KEY = '\u0000';
export const FALLBACK_PREFIX = '\u0001';
export const CUSTOMER_PREFIX = '\u0002';
/** A customer without a list of their own; the value is the name of a fallback. */
export const CUSTOMER_FALLBACK_PREFIX = '\u0003';
export const PROFILE_PREFIX = '\u0004';
/** Parts come in pieces: name, a colon, and the number of the piece. */
export const PART_PREFIX = '\u0005';

export function partKey(name: string, piece: number): string {
  return `${PART_PREFIX}${name}:${String(piece).padStart(6, '0')}`;
}

/** In UTF-16 units; at most 600 bytes of UTF-8. */
export const MAXIMUM_ID_LENGTH = 200;

/** @throws NightshiftError `invalidListKey` */
export function encodeKey(prefix: string, id: string): Buffer {
  // Fallback names carry a word such as "country:" in front of a value that itself may have the full length.
  const limit = prefix === FALLBACK_PREFIX ? MAXIMUM_ID_LENGTH + 20 : MAXIMUM_ID_LENGTH;
  if (id.length > limit || !id.isWellFormed()) {
    const shown = JSON.stringify(id.slice(0, 50));
    throw new NightshiftError(
      'internal',
      'invalidListKey',
      `No list can be kept under ${shown}: too long or not Unicode.`,
    );
  }
  return Buffer.from(prefix + id, 'utf8');
}

/** Lets LMDB encode look-up keys straight into its own buffer: no allocation per request. */
export const LOOKUP_KEY_ENCODER = {
  writeKey(key: string, target: Buffer, start: number): number {
    return start + target.write(key, start, 'utf8');
  },
  readKey(source: Buffer, start: number, end: number): string {
    return source.toString('utf8', start, end);
  },
};
