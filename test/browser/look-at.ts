import AxeBuilder from '@axe-core/playwright';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { remember } from './routes.ts';

const SCHEMES = ['light', 'dark'] as const;
const WIDE = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
/** Longer pages are shown from their beginning. */
const TALLEST = { [WIDE.width]: 1350, [PHONE.width]: 1350 };
const QUALITY = 62;
/** A window that has become higher is laid out anew. */
const SETTLES_MS = 300;
/** `npm run docs:console` wants pictures; a test run alone looks and keeps none. */
const folder = process.env.CONSOLE_PICTURES ?? '';

interface Options {
  /** For what docs/console.md has no room for. */
  readonly isPictured?: boolean;
}

/** Axe finds nothing in either theme, the page does not scroll sideways, and pictures are taken where they are wanted. */
export async function lookAt(page: Page, name: string, { isPictured = true }: Options = {}): Promise<void> {
  await remember(page);
  const before = page.viewportSize() ?? WIDE;
  try {
    for (const viewport of [WIDE, PHONE]) {
      await page.setViewportSize(viewport);
      for (const colorScheme of SCHEMES) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        const where = `${name}, ${colorScheme}, ${viewport.width} px`;
        // Colours are the same on a phone: each theme at one width shows what is wrong with either.
        if ((viewport === WIDE) === (colorScheme === 'light')) await expectNoViolation(page, where);
        const picture = isPictured && folder !== '' ? pictureOf(name, viewport, colorScheme) : undefined;
        if (picture !== undefined) await takePicture(page, viewport, picture);
      }
      const { width } = viewport;
      expect({ name, width, sideways: await scrollsSideways(page) }).toEqual({
        name,
        width,
        sideways: false,
      });
    }
  } finally {
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize(before);
  }
}

/** A page that has nothing to show yet: axe in both themes, and no pictures. */
export async function glanceAt(page: Page, name: string): Promise<void> {
  for (const colorScheme of SCHEMES) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expectNoViolation(page, `${name}, ${colorScheme}`);
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

/** Both themes, and one of them on a phone. */
function pictureOf(name: string, viewport: typeof WIDE, scheme: string): string | undefined {
  if (viewport === WIDE) return `${name}-${scheme}`;
  return scheme === 'light' ? `${name}-phone` : undefined;
}

export async function expectNoViolation(page: Page, where: string): Promise<void> {
  // No frames from elsewhere are in it: the mode that needs no second page of the browser's is enough, and twice as fast.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  const found = violations.map(({ id, nodes }) => ({
    id,
    nodes: nodes.map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary ?? ''}`),
  }));
  expect({ where, found }).toEqual({ where, found: [] });
}

function scrollsSideways(page: Page): Promise<boolean> {
  return page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');
}

/** The page in a window that is as high as it is, so that what is fixed stands where it belongs. */
async function takePicture(page: Page, viewport: typeof WIDE, name: string): Promise<void> {
  const needed = await page.evaluate<number>('document.documentElement.scrollHeight');
  const height = Math.min(Math.max(needed, viewport.height), TALLEST[viewport.width]!);
  await page.setViewportSize({ width: viewport.width, height });
  await page.evaluate('scrollTo(0, 0)');
  await page.waitForTimeout(SETTLES_MS);
  const session = await page.context().newCDPSession(page);
  const options = { format: 'webp', quality: QUALITY } as const;
  const { data } = await session.send('Page.captureScreenshot', options);
  await session.detach();
  await page.setViewportSize(viewport);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, `${name}.webp`), Buffer.from(data, 'base64'));
}
