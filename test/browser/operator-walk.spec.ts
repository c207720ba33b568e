import pg from 'pg';
import type { Page } from 'playwright-core';
import { ConsoleUnderTest, signIn, type Person } from './console-under-test.ts';
import { glanceAt, lookAt } from './look-at.ts';
import { notLookedAt } from './routes.ts';
import { settled } from './settled.ts';
import { taskTimes } from './task-times.ts';
import { fillFleet, fillShops } from '../integration/simulated-fleet.ts';

const TENANTS = 4_000;
/** Longer ones than this are felt. */
const LONG_TASK_MS = 50;

/** In the browser: from the top to the end in a hundred frames, another screenful each. */
const SCROLL = `(async () => {
  const scroller = document.querySelector('[role=region][aria-label="All rows"]');
  const end = scroller.scrollHeight - scroller.clientHeight;
  for (let step = 1; step <= 100; step++) {
    scroller.scrollTop = (end * step) / 100;
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
  return Math.abs(scroller.scrollTop - end) < 2;
})()`;

let web: ConsoleUnderTest;
let page: Page;
let olga: Person;
let admin: pg.Pool;

beforeAll(async () => {
  // The guard looks once a second instead of once a minute.
  web = await ConsoleUnderTest.start({ PLAN_MS: '1000', ATTRIBUTE_MS: '0' });
  admin = new pg.Pool({ connectionString: web.adminDatabaseUrl, max: 1 });
  olga = await web.createPerson('olga@platform.example', 'Olga Otto', '--operator');
  ({ page } = await web.open());
}, 300_000);

afterAll(async () => {
  await admin?.end();
  await web?.stop();
}, 60_000);

const rows = () => page.getByRole('table', { name: 'Tenants' }).getByRole('row');
const goTo = (name: string) =>
  page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name }).click();
const heading = (name: string, level = 1) => page.getByRole('heading', { level, name }).waitFor();

/** What the browser computes in one go; what is asked of it must take some tasks, or nothing was measured. */
async function expectNoLongTask(what: string, work: () => Promise<unknown>): Promise<void> {
  const times = await taskTimes(page, work);
  const longest = times.slice(0, 3).map((ms) => ms.toFixed(0));
  process.stderr.write(`${what}: ${times.length} tasks, the longest take ${longest.join(', ')} ms of CPU\n`);
  expect(times.length).toBeGreaterThan(10);
  expect(times.filter((ms) => ms > LONG_TASK_MS)).toEqual([]);
}

test('where there is no tenant yet, every page says so', async () => {
  await signIn(page, olga);
  await page.getByText('0 of 0').waitFor();
  await glanceAt(page, 'operator-tenants-empty');
  for (const [link, said] of [
    ['Freeze and turn-off', 'No tenant was there in these weeks'],
    ['Templates', 'Nothing was rolled out yet'],
    ['Runs and queues', 'No such run'],
    ['Trail', 'Nothing was changed yet'],
  ] as const) {
    await goTo(link);
    await page.getByText(said).waitFor();
    await glanceAt(page, `${link}, empty`);
  }
}, 120_000);

test('an operator comes to all tenants, in trouble first', async () => {
  await fillFleet({ admin }, TENANTS);
  await goTo('Tenants');
  await page.reload();
  await page.getByText('4,000 of 4,000').waitFor();
  await rows().nth(1).getByText('run failed').waitFor();
  expect(await page.getByRole('table', { name: 'Tenants' }).getAttribute('aria-rowcount')).toBe('4001');
  await lookAt(page, 'operator-tenants');
}, 120_000);

test('all 4,000 scroll by, are sorted and filtered without a long task', async () => {
  await expectNoLongTask('scrolling 4,000 rows', async () => expect(await page.evaluate(SCROLL)).toBe(true));
  await page.getByRole('table', { name: 'Tenants' }).locator('[aria-rowindex="4001"]').waitFor();
  await expectNoLongTask('sorting and filtering', async () => {
    await page.getByRole('button', { name: 'Interactions' }).click();
    await page.locator('[role=columnheader][aria-sort=ascending]', { hasText: 'Interactions' }).waitFor();
    await page.getByRole('button', { name: /accuracy falling/ }).click();
    await page.getByText(/^\d\d of 4,000/).waitFor();
  });
  await page.getByRole('button', { name: /accuracy falling/ }).click();
  await page.getByText('4,000 of 4,000').waitFor();
}, 120_000);

test('the frozen ones stand in the address, and survive a reload', async () => {
  await page.getByLabel('State').selectOption('frozen');
  await page.getByText('80 of 4,000').waitFor();
  expect(new URL(page.url()).searchParams.get('state')).toBe('frozen');
  await page.reload();
  await page.getByText('80 of 4,000').waitFor();
  expect(await page.getByLabel('State').inputValue()).toBe('frozen');
  await rows().nth(1).getByText('Frozen').waitFor();
});

test('switching them on takes their number and a reason', async () => {
  await page.getByLabel('Name or slug').fill('shop-00');
  await page.getByText('2 of 4,000').waitFor();
  await page.getByRole('button', { name: 'Switch on these…' }).click();
  await confirmBulk('Switch on', 'Prices are right again');
  await page.getByText('0 of 4,000').waitFor();
});

/** Types the number that was counted, and only then may. */
async function confirmBulk(verb: string, reason: string): Promise<number> {
  const dialog = page.getByRole('dialog');
  const counted = await dialog.getByText(/It would change/).textContent();
  const count = Number(/change (\d+) tenant/.exec(counted ?? '')?.[1]);
  const confirm = dialog.getByRole('button', { name: `${verb} ${count}` });
  await dialog.getByLabel('Reason').fill(reason);
  expect(await confirm.isDisabled()).toBe(true);
  await dialog.getByLabel(`Type ${count} to confirm`).fill(String(count));
  await confirm.click();
  await dialog.getByText(new RegExp(`^${count} tenants? changed`)).waitFor();
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  return count;
}

test('one in trouble says what to do next, and is entered with a reason that it sees', async () => {
  await page.goto('/operator?trouble=failed');
  await page.getByRole('link', { name: 'Shop 11', exact: true }).click();
  await heading('Shop 11');
  await page.getByText('The last run broke off.').waitFor();
  await page.getByRole('cell', { name: 'unexpected: simulated' }).waitFor();
  await lookAt(page, 'operator-tenant');
  await page.getByRole('button', { name: 'Enter…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('For how long').selectOption('15');
  await dialog.getByLabel('Reason').fill('Ticket 4711: no list this morning');
  await dialog.getByRole('button', { name: 'Enter', exact: true }).click();
  await page.waitForURL('/tenants/shop-0011');
  await page.getByText('You are visiting this tenant as an operator').waitFor();
  await page.goto('/operator/tenants/shop-0011');
  await page.getByText('Ticket 4711: no list this morning').waitFor();
}, 120_000);

test('freeze and turn-off rates, by cohort', async () => {
  await goTo('Freeze and turn-off');
  await heading('All tenants', 2);
  await page.getByText('Size', { exact: true }).click();
  await heading('Interactions: below 10,000', 2);
  await lookAt(page, 'operator-rates');
}, 120_000);

test('a bad template reaches 1 %, and its first nights stop it', async () => {
  await goTo('Templates');
  await page.getByRole('button', { name: 'Register a version…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('What is different').fill('{"params": {"ials": {"factors": -1}}}');
  await dialog.getByLabel('Reason').fill('Cheaper nights');
  await dialog.getByRole('button', { name: 'Register' }).click();
  await page.getByRole('button', { name: 'Roll out 2…' }).click();
  await dialog.getByLabel('Reason').fill('Try it on some');
  await dialog.getByRole('button', { name: 'Start', exact: true }).click();
  await heading('Template 1 to 2');
  expect(await tenantsWithVersion2()).toBe(40);
  const rollout = page.url();
  // Their nights are real ones: of tenants with something to learn from, by the worker.
  await fillShops({ admin }, 2);
  await page.goto('/operator?templateVersion=2&text=shop-1');
  await page.getByRole('button', { name: 'Start a run of these…' }).click();
  expect(await confirmBulk('Start a run of', 'Do not wait for midnight')).toBeGreaterThan(1);
  await page.goto(rollout);
  await page.getByText('Stopped by itself: all tenants have their former template again').waitFor();
  await page
    .getByText(/tenants failed with template 2/)
    .first()
    .waitFor();
  expect(await tenantsWithVersion2()).toBe(0);
  await lookAt(page, 'operator-rollout');
  await goTo('Templates');
  await page.getByRole('heading', { level: 2, name: 'Versions' }).waitFor();
  await settled(page);
  await lookAt(page, 'operator-templates');
}, 120_000);

async function tenantsWithVersion2(): Promise<number> {
  const counted = 'SELECT count(*)::integer AS count FROM tenant WHERE template_version = 2';
  return (await admin.query<{ count: number }>(counted)).rows[0].count;
}

test('runs, queues and what nights cost', async () => {
  await goTo('Runs and queues');
  await page.getByRole('cell', { name: 'training' }).waitFor();
  await page.getByRole('radiogroup', { name: 'Which runs' }).getByText('failed').click();
  await page.waitForURL(/runs=failed/);
  await page
    .getByText(/factors/)
    .first()
    .waitFor();
  await lookAt(page, 'operator-work');
  await page.getByRole('link', { name: 'training', exact: true }).click();
  await page.waitForURL('**/operator/work/queues/training*');
  await settled(page);
  await lookAt(page, 'operator-queue');
  await page.goBack();
}, 120_000);

test('tenants from a file, with what is wrong row by row', async () => {
  await goTo('Onboarding');
  const file = [
    'slug,name,timeZone,currency,adminEmail',
    'new-shop,New Shop,Europe/Oslo,NOK,nora@new.example',
    'other,Other,Mars/Olympus,NOK,',
  ];
  await page.getByLabel('CSV').fill(file.join('\n'));
  await page.getByRole('button', { name: 'Create the tenants' }).click();
  await page.getByText('2 rows: 1 created, 0 known already, 1 rejected.').waitFor();
  await page.getByRole('cell', { name: 'must be an IANA time zone' }).waitFor();
  await page.getByText('new-shop: http').waitFor();
  await lookAt(page, 'operator-onboarding');
}, 120_000);

test('the trail has all of it', async () => {
  await goTo('Trail');
  await page.getByText('the chain is intact').waitFor();
  for (const action of ['rollout.stoppedByItself', 'rollout.started', 'template.registered', 'bulk.on'])
    await page.getByRole('cell', { name: action }).first().waitFor();
  await lookAt(page, 'operator-trail');
}, 120_000);

test('no page of operators is left out', async () => {
  expect(await notLookedAt(page, (route) => route.startsWith('/operator'))).toEqual([]);
});

test('the browser had nothing to complain about', () => {
  expect(web.complaints).toEqual([]);
});
