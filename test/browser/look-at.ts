import AxeBuilder from '@axe-core/playwright';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';

const SCHEMES = ['light', 'dark'] as const;
const WIDTHS = [1440, 390] as const;
/** `npm run docs:console` wants pictures; a test run alone looks and keeps none. */
const folder = process.env.CONSOLE_PICTURES;

/** Axe finds nothing in either theme, the page does not scroll sideways, and pictures are taken where they are wanted. */
export async function lookAt(page: Page, name: string): Promise<void> {
  const before = page.viewportSize() ?? { width: 1440, height: 900 };
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      // Colours are the same on a phone: one theme shows what else is wrong there.
      if (width === WIDTHS[0] || colorScheme === 'dark')
        await expectNoViolation(page, `${name}, ${colorScheme}, ${width} px`);
      await takePicture(page, `${name}-${colorScheme}-${width}`);
    }
    expect({ name, width, sideways: await scrollsSideways(page) }).toEqual({ name, width, sideways: false });
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(before);
}

/** A page that has nothing to show yet: axe in both themes, and no pictures. */
export async function glanceAt(page: Page, name: string): Promise<void> {
  for (const colorScheme of SCHEMES) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expectNoViolation(page, `${name}, ${colorScheme}`);
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

async function expectNoViolation(page: Page, where: string): Promise<void> {
  // No frames from elsewhere are in it: the mode that needs no second page of the browser's is enough, and twice as fast.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  const found = violations.map(({ id, nodes }) => ({
    id,
    nodes: nodes.map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary ?? ''}`),
  }));
  expect({ where, found }).toEqual({ where, found: [] });
}

function scrollsSideways(page: Page): Promise<boolean> {
  return page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');
}

async function takePicture(page: Page, name: string): Promise<void> {
  if (folder === undefined || folder === '') return;
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${name}.png`);
  await page.screenshot({ path: file, fullPage: true, animations: 'disabled' });
}
