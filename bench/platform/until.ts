import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MS = 300_000;

/** @throws Error that names what did not come about */
export async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`Not within ${PATIENCE_MS / 1000} s: ${what}.`);
    await sleep(200);
  }
}
