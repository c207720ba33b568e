import type { Page } from 'playwright-core';

const LOOKS_APART_MS = 100;

/** The page has its heading and waits for no answer any more; a stream of news that stays open does not count. */
export async function settled(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).waitFor();
  const waiting = page.getByRole('status', { name: /^Loading/ });
  // A part that has just come may ask for something in turn.
  for (let quietLooks = 0; quietLooks < 3; quietLooks++) {
    if ((await waiting.count()) > 0) quietLooks = -1;
    await page.waitForTimeout(LOOKS_APART_MS);
  }
}
