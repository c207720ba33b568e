/**
 * The finaliser of MurmurHash3 (Appleby 2011, fmix32): a bijection of uint32 in which every input bit flips every
 * output bit with probability close to 1/2.
 */
export function mix32(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** One round of MurmurHash3 x86_32: absorbs a 32-bit block into the running hash. */
export function absorb32(hash: number, block: number): number {
  let k = Math.imul(block, 0xcc9e2d51);
  k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  const h = hash ^ k;
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
}
