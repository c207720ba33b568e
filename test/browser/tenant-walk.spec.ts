import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { ConsoleUnderTest, signIn, type Person } from './console-under-test.ts';
import { lookAt } from './look-at.ts';
import { walk } from './walk.ts';
import { packed, shopFile } from './shop-file.ts';

const TENANT = 'lamp-shop';
/** Four looks of axe at a page take some seconds, and many more on a busy machine. */
const STEP_MS = 240_000;
/** A small night takes seconds on a quiet machine. */
const RUN_MS = 300_000;

const step = (name: string, work: () => Promise<void>, timeoutMs?: number) =>
  walk(name, () => page, work, timeoutMs ?? STEP_MS);

let web: ConsoleUnderTest;
let page: Page;
let admin: Person;
let key: string;

beforeAll(async () => {
  web = await ConsoleUnderTest.start();
  await web.cli(
    ...['tenant', 'create', TENANT, '--name', 'Lamp Shop'],
    ...['--time-zone', 'Europe/Berlin', '--currency', 'EUR'],
  );
  admin = await web.createPerson('anna@lamp-shop.example', 'Anna Adler', '--tenant', TENANT);
  ({ token: key } = await web.cli<{ token: string }>(
    ...['key', 'create', '--tenant', TENANT, '--name', 'website', '--scopes', 'read,feedback'],
  ));
  ({ page } = await web.open());
}, 600_000);

afterAll(() => web?.stop(), 120_000);

step('an address inside asks for the sign-in, and leads there afterwards', async () => {
  await page.goto(`/tenants/${TENANT}`);
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  expect(new URL(page.url()).searchParams.get('next')).toBe(`/tenants/${TENANT}`);
});

step('a wrong password says so and keeps the address', async () => {
  await page.getByLabel('Email').fill(admin.email);
  await page.getByLabel('Password', { exact: true }).fill('not the password');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('do not belong together').waitFor();
  expect(await page.getByLabel('Email').inputValue()).toBe(admin.email);
});

step('the right one leads home, where nothing has happened yet', async () => {
  await signIn(page, admin);
  await page.getByRole('heading', { level: 1, name: 'Lamp Shop' }).waitFor();
  await page.getByText('No night has been judged yet').waitFor();
  await page.getByText('No purchase that a recommendation preceded yet').waitFor();
  expect(await page.getByRole('radio', { name: /^On/ }).isChecked()).toBe(true);
  await lookAt(page, 'home-empty', { isPictured: false });
});

step('a file is looked at before it is sent: the wrong column is found and repaired', async () => {
  await page.getByRole('link', { name: 'Data', exact: true }).click();
  await page.getByText('Nothing has been imported yet').waitFor();
  const buffer = packed(shopFile({ fromDaysAgo: 120, untilDaysAgo: 8, seed: 1 }));
  await page.setInputFiles('input[type=file]', {
    name: 'sales.csv.gz',
    mimeType: 'application/gzip',
    buffer,
  });
  // The column of that name is not the price.
  await page.getByText(/None of the first .* rows would be taken in/).waitFor();
  await page.getByText('Price of one: "each" is not a number.').first().waitFor();
  expect(await page.getByRole('button', { name: 'Import the file' }).isDisabled()).toBe(true);
  expect(await page.getByLabel('Customer', { exact: true }).inputValue()).toBe('CustomerID');
  await lookAt(page, 'data-mapping');
  await page.getByLabel('Price of one').selectOption('Net');
  await page.getByText(/All of the first .* rows would be taken in/).waitFor();
  await page.getByRole('button', { name: 'Import the file' }).click();
  await page.getByRole('status').getByText('0 rows rejected').waitFor();
  await page.getByRole('cell', { name: 'sales.csv.gz' }).waitFor();
  await lookAt(page, 'data-imported', { isPictured: false });
});

step(
  'a run is started with a reason, and its verdict read',
  async () => {
    await startRun('The first sales are in');
    await page.getByText('A new model version serves').waitFor({ timeout: RUN_MS });
    await verdict('Verdict').waitFor();
    await goTo('Home');
    await verdict('Last verdict').waitFor();
    await page.getByText(/Version 1 serves 2\d\d customers/).waitFor();
    await until(async () => (await ask()).status === 'ok');
  },
  RUN_MS,
);

step('freezing takes a reason, says what it does in numbers, and shows on the endpoint', async () => {
  await page.getByRole('radio', { name: /^Freeze/ }).check();
  await page.getByText('Nothing has changed yet').waitFor();
  await page.getByRole('button', { name: 'Freeze…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(/Model version 1 goes on serving 2\d\d customers/).waitFor();
  expect(await dialog.getByRole('button', { name: 'Freeze', exact: true }).isDisabled()).toBe(true);
  await dialog.getByLabel('Reason').fill('Stocktaking this week');
  await lookAt(page, 'freeze-dialog');
  await dialog.getByRole('button', { name: 'Freeze', exact: true }).click();
  await page.getByText('On → Frozen').waitFor();
  await page.getByText('“Stocktaking this week”').waitFor();
  await until(async () => (await ask()).statusReason === 'frozen');
});

step('undo is a change like any other', async () => {
  await page.getByRole('button', { name: 'Undo…' }).click();
  await page.getByRole('button', { name: 'Switch on…' }).click();
  await page.getByLabel('Reason').fill('Stocktaking is over');
  await page.getByRole('dialog').getByRole('button', { name: 'Switch on' }).click();
  await page.getByText('Frozen → On').waitFor();
});

step(
  'a second night meets the first, and is rolled back and pinned',
  async () => {
    await goTo('Data');
    const buffer = packed(shopFile({ fromDaysAgo: 8, untilDaysAgo: 0, seed: 2 }));
    await page.setInputFiles('input[type=file]', {
      name: 'week.csv.gz',
      mimeType: 'application/gzip',
      buffer,
    });
    await page.getByText(/None of the first/).waitFor();
    await page.getByLabel('Price of one').selectOption('Net');
    await page.getByText(/All of the first/).waitFor();
    await page.getByRole('button', { name: 'Import the file' }).click();
    await page.getByRole('status').getByText('0 rows rejected').waitFor();
    await startRun('A week of new sales');
    await page.getByText('A new model version serves').waitFor({ timeout: RUN_MS });
    await goTo('Models');
    await page.getByRole('row', { name: /serving/ }).waitFor();
    let served = 1;
    await until(async () => (served = (await ask()).modelVersion ?? 1) > 1);
    await page.getByLabel(`Compare version ${served}`).check();
    await page.getByLabel('Compare version 1', { exact: true }).check();
    await page.getByRole('heading', { name: `Version ${served} beside version 1` }).waitFor();
    // Nothing is lost on a reload.
    await page.reload();
    await page.getByRole('heading', { name: `Version ${served} beside version 1` }).waitFor();
    await page
      .getByRole('group', { name: 'Model versions' })
      .getByRole('link', { name: '1', exact: true })
      .click();
    await page.getByRole('heading', { level: 1, name: 'Model version 1' }).waitFor();
    await page.getByRole('button', { name: 'Serve this version…' }).click();
    await page.getByLabel('Reason').fill('The new lists push lamps too hard');
    await page.getByRole('button', { name: 'Serve it' }).click();
    await page.getByText('serving', { exact: true }).waitFor();
    await until(async () => (await ask()).modelVersion === 1);
    await goTo('Home');
    await page.getByText(`Model version ${served} → 1`).waitFor();
    expect(await page.getByRole('radio', { name: /^Freeze/ }).isChecked()).toBe(true);
  },
  2 * RUN_MS,
);

step('off takes the tenant’s name, answers none, and on is back within seconds', async () => {
  await page.getByRole('radio', { name: /^Off/ }).check();
  await page.getByRole('button', { name: 'Switch off…' }).click();
  const dialog = page.getByRole('dialog');
  const confirm = dialog.getByRole('button', { name: 'Switch off', exact: true });
  await dialog.getByLabel('Reason').fill('Moving to another shop system');
  expect(await confirm.isDisabled()).toBe(true);
  await dialog.getByLabel(/^Type/).fill('Lamp Shop');
  await lookAt(page, 'off-dialog', { isPictured: false });
  await confirm.click();
  await page.getByText('Frozen → Off').waitFor();
  await until(async () => (await ask()).status === 'none');
  expect((await ask()).statusReason).toBe('off');
  await page.getByRole('radio', { name: /^On/ }).check();
  await page.getByRole('button', { name: 'Switch on…' }).click();
  await page.getByLabel('Reason').fill('The new shop system is there');
  await page.getByRole('dialog').getByRole('button', { name: 'Switch on' }).click();
  await page.getByText('Off → On').waitFor();
  await until(async () => (await ask()).status === 'ok');
});

test('the browser had nothing to complain about', () => {
  expect(web.complaints).toEqual([]);
});

async function goTo(name: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name, exact: true }).click();
  await page.getByRole('heading', { level: 1 }).waitFor();
}

/** Its sentence, in the part of the page that is for it: logs tell it as well. */
const verdict = (section: string) =>
  page
    .getByRole('region', { name: section, exact: true })
    .getByText(/clearly higher than a plain best-seller list/);

async function startRun(reason: string): Promise<void> {
  await goTo('Models');
  await page.getByRole('button', { name: 'Run now…' }).click();
  await page.getByLabel('Reason').fill(reason);
  await page.getByRole('button', { name: 'Start the run' }).click();
  await page.getByRole('heading', { level: 1, name: 'Run' }).waitFor();
}

/** What the tenant's own endpoint answers. */
async function ask(): Promise<{ status: string; statusReason: string | null; modelVersion: number | null }> {
  const url = `${web.servingAddress}/v1/tenants/${TENANT}/recommendations/12007?count=5`;
  const answer = await fetch(url, { headers: { authorization: `Bearer ${key}` } });
  return (await answer.json()) as Awaited<ReturnType<typeof ask>>;
}

/** A change is in effect on every endpoint within 5 seconds; a busy machine is given more. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 60_000;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error('It did not come to be so.');
    await sleep(200);
  }
}
