import { createHash } from 'node:crypto';

/** As `erased_hash` in the database: nested, so that nothing can be appended to what was hashed. Hexadecimal. */
export function customerHash(key: Uint8Array, customerId: string): string {
  const inner = createHash('sha256').update(key).update(customerId, 'utf8').digest();
  return createHash('sha256').update(key).update(inner).digest('hex');
}
