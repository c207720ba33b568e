import { createHash } from 'node:crypto';

const STEPS = 2 ** 48;

/**
 * Whether a customer is in the control group of this share. By seed and customer alone, so that it is the same customers in every
 * export, and a larger share only adds to them.
 */
export function isInControlGroup(customerId: string, share: number, seed: number): boolean {
  if (share <= 0) return false;
  const digest = createHash('sha256').update(`${seed}:${customerId}`).digest();
  return digest.readUIntBE(0, 6) / STEPS < share;
}
