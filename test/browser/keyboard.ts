import type { Locator, Page } from 'playwright-core';

/** More than any page has to step over. */
const MOST_STEPS = 80;

/** As somebody without a mouse gets there. */
export async function tabTo(target: Locator, key = 'Tab'): Promise<void> {
  const page = target.page();
  for (let step = 0; step < MOST_STEPS; step++) {
    if (await hasFocus(target)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${String(target)} is not reached with ${key}; the focus is on ${await focused(page)}.`);
}

export async function hasFocus(target: Locator): Promise<boolean> {
  return (await target.and(target.page().locator(':focus')).count()) === 1;
}

/** Focus moves once a dialog has gone, which takes a moment. */
export async function expectFocus(target: Locator): Promise<void> {
  for (let look = 0; look < 100; look++) {
    if (await hasFocus(target)) return;
    await target.page().waitForTimeout(50);
  }
  expect(`the focus is on ${await focused(target.page())}`).toBe(`the focus is on ${String(target)}`);
}

function focused(page: Page): Promise<string> {
  return page.evaluate('document.activeElement?.outerHTML.slice(0, 200) ?? "nothing"');
}
