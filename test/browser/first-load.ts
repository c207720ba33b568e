import type { Page } from 'playwright-core';
import { settled } from './settled.ts';

export interface FirstLoad {
  /** As they came over the wire, compressed and with their headers. */
  readonly scriptBytes: number;
  readonly scripts: number;
  /** From the beginning of the navigation until the element could be used. */
  readonly interactiveMs: number;
}

/** What it costs to open an address with nothing in the browser's cache. */
export async function measureFirstLoad(page: Page, address: string, selector: string): Promise<FirstLoad> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  const scripts = new Map<string, number>();
  session.on('Network.responseReceived', ({ requestId, response }) => {
    if (/javascript/.test(response.mimeType)) scripts.set(requestId, 0);
  });
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) scripts.set(requestId, encodedDataLength);
  });
  // In the page itself, by its own clock: how often somebody asks from outside does not matter.
  await page.addInitScript(`
    const look = () => {
      const element = document.querySelector(${JSON.stringify(selector)});
      if (element === null || element.disabled) return requestAnimationFrame(look);
      window.usableAtMs = performance.now();
    };
    look();
  `);
  await page.goto(address);
  await page.locator(selector).first().waitFor();
  await settled(page);
  const interactiveMs = await page.evaluate<number>('window.usableAtMs');
  await session.detach();
  const scriptBytes = [...scripts.values()].reduce((sum, bytes) => sum + bytes, 0);
  return { scriptBytes, scripts: scripts.size, interactiveMs };
}
