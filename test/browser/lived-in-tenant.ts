import type { ConsoleUnderTest } from './console-under-test.ts';

/** The first of a simulated fleet has this name in addresses. */
export const TENANT = 'sim-0001';
export const TENANT_NAME = 'Fern Grocers';
const FLEET = ['--tenants', '1', '--profile', 'grocer', '--seed', '169'];
const DAY_MS = 86_400_000;
/** Lived days between a night and the next. */
const STEP_DAYS = 4;

const RULES = [
  {
    ruleId: 'autumn',
    kind: 'boost',
    products: { brands: ['Naturwerk'] },
    factor: 1.2,
    note: 'Autumn campaign',
  },
  { ruleId: 'delisted', kind: 'exclude', products: { brands: ['Sparfix'] } },
  { ruleId: 'not-twice-a-day', kind: 'dailyCap', products: { brands: ['Casa Rossi'] }, perCustomer: 2 },
];

export interface LivedInTenant {
  readonly runIds: readonly string[];
}

/** A grocer of some 300 customers who have been shown lists, and bought from them, after each of these nights but the last. */
export async function liveIn(web: ConsoleUnderTest, nights: number): Promise<LivedInTenant> {
  await web.cli(
    ...['tenant', 'create', TENANT, '--name', TENANT_NAME],
    ...['--time-zone', 'Europe/Zurich', '--currency', 'CHF'],
  );
  const runIds: string[] = [];
  const lived = (nights - 1) * STEP_DAYS + 1;
  await web.cli('simulate', ...FLEET, '--until', daysAgo(lived));
  for (let night = 1; night <= nights; night++) {
    if (night > 1) await web.cli('simulate', ...FLEET, '--days', String(STEP_DAYS));
    const name = night === nights ? [] : ['--night', daysAgo(lived - (night - 1) * STEP_DAYS)];
    const { id } = await web.cli<{ id: string }>('run', '--tenant', TENANT, '--wait', ...name);
    runIds.push(id);
  }
  await web.cli('key', 'create', '--tenant', TENANT, '--name', 'website', '--scopes', 'read,feedback');
  const { token } = await web.cli<{ token: string }>(
    ...['key', 'create', '--tenant', TENANT, '--name', 'back office', '--scopes', 'admin'],
  );
  await saveRules(web, token);
  return { runIds };
}

async function saveRules(web: ConsoleUnderTest, token: string): Promise<void> {
  const body = JSON.stringify({ rules: RULES, reason: 'The autumn campaign' });
  const answer = await fetch(`${web.address}/v1/tenants/${TENANT}/rules`, {
    ...{ method: 'PUT', body },
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
  });
  if (!answer.ok) throw new Error(`The rules were not taken: ${await answer.text()}`);
}

const daysAgo = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);
