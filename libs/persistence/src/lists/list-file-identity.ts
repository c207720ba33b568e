import type { Stats } from 'node:fs';

/** Inode, size and time of change: a file for which these agree is taken for the one that was checked. */
export function identityOf({ ino, size, mtimeMs }: Stats): string {
  return `${ino}:${size}:${mtimeMs}`;
}
