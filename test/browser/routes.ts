import type { Page } from 'playwright-core';

/** The router that runs in the page, which leaves itself in the window. */
const ROUTER = '__TSR_ROUTER__';

const looked = new Set<string>();

/** This page is being looked at. */
export async function remember(page: Page): Promise<void> {
  looked.add(await routeNow(page));
}

/** Pages of the console's router that nobody has looked at in this file; their addresses as in `/tenants/$tenant/models`. */
export async function notLookedAt(page: Page, isMeant: (route: string) => boolean): Promise<string[]> {
  return (await routesOf(page)).filter((route) => isMeant(route) && !looked.has(route));
}

async function routesOf(page: Page): Promise<string[]> {
  const paths = await page.evaluate<string[]>(`Object.keys(${ROUTER}.routesByPath)`);
  return [...new Set(paths.map(withoutSlash))];
}

/** The one that is shown. */
export async function routeNow(page: Page): Promise<string> {
  return withoutSlash(await page.evaluate<string>(`${ROUTER}.state.matches.at(-1).fullPath`));
}

const withoutSlash = (path: string): string => (path === '/' ? path : path.replace(/\/$/, ''));
