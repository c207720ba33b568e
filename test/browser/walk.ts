import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';

const FOLDER = '.nightshift/browser-failures';
let broken: string | undefined;

/** Steps of one walk: after one that failed, the others have nothing to stand on. What the page looked like then is kept. */
export function walk(name: string, page: () => Page, step: () => Promise<void>, timeoutMs?: number): void {
  test(
    name,
    async () => {
      if (broken !== undefined) throw new Error(`Not walked: “${broken}” failed before.`);
      try {
        await step();
      } catch (error) {
        broken = name;
        mkdirSync(FOLDER, { recursive: true });
        const file = path.join(FOLDER, `${name.replaceAll(/[^\w]+/g, '-')}.png`);
        await page()
          .screenshot({ path: file })
          .catch(() => undefined);
        throw error;
      }
    },
    timeoutMs,
  );
}
