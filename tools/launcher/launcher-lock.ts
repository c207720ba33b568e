// One launcher for a state directory. Its record alone cannot tell: two that start at once would both read the record of
// a dead predecessor, and each would end what the other has just started.
import { rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { acquire } from '../bootstrap/lock.mjs';

export const launcherLockOf = (stateDir: string): string => path.join(stateDir, 'launcher.lock');

/** Holds the lock until this process ends, however it ends; or answers the process id of who holds it. */
export function holdLauncherLock(stateDir: string): number | undefined {
  const file = launcherLockOf(stateDir);
  const other = acquire(file);
  if (other !== undefined) return Number(other.split(' ')[0]);
  process.once('exit', () => rmSync(file, { force: true }));
  return undefined;
}
