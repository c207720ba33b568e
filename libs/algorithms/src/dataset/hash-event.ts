import { absorb32, mix32 } from '../statistics/mix.js';

/** Above every UTF-16 code unit, so that no text can imitate the end of a field. */
const END_OF_FIELD = 0x10000;

function absorbText(hash: number, text: string): number {
  let h = hash;
  for (let i = 0; i < text.length; i++) h = absorb32(h, text.charCodeAt(i));
  return absorb32(h, END_OF_FIELD);
}

/**
 * A seeded uint32 hash of one event, uniform and independent between seeds. MurmurHash3 x86_32 (Appleby 2011) with one
 * block for each UTF-16 code unit and an end mark after each field: ("a", "bc") and ("ab", "c") differ.
 */
export function hashEvent(seed: number, customerId: string, productId: string, eventId: string): number {
  // Mixing the seed first keeps neighbouring seeds (1, 2, 3 …) from starting in neighbouring states.
  let hash = mix32(seed ^ 0x2545f491) | 0;
  hash = absorbText(hash, customerId);
  hash = absorbText(hash, productId);
  hash = absorbText(hash, eventId);
  return mix32(hash);
}
