import type { Page } from 'playwright-core';
import { ConsoleUnderTest, signIn, type Person } from './console-under-test.ts';
import { lookAt } from './look-at.ts';

const TENANT = 'lamp-shop';
const SETTINGS = `/tenants/${TENANT}/settings`;

let web: ConsoleUnderTest;
let page: Page;
let admin: Person;

beforeAll(async () => {
  web = await ConsoleUnderTest.start();
  await web.cli(
    ...['tenant', 'create', TENANT, '--name', 'Lamp Shop'],
    ...['--time-zone', 'Europe/Berlin', '--currency', 'EUR'],
  );
  admin = await web.createPerson('anna@lamp-shop.example', 'Anna Adler', '--tenant', TENANT);
  ({ page } = await web.open());
  await signIn(page, admin);
}, 240_000);

afterAll(() => web?.stop(), 60_000);

const night = (from: Page = page) => from.getByRole('region', { name: 'The night and its gate' });
const dialog = (from: Page = page) => from.getByRole('dialog', { name: 'Save the settings?' });

async function save(reason: string, from: Page = page): Promise<void> {
  await night(from).getByRole('button', { name: 'Save…' }).click();
  await dialog(from).getByLabel('Reason').fill(reason);
  await dialog(from).getByRole('button', { name: 'Save', exact: true }).click();
}

test('an admin changes zone and margin, is told what follows, and finds it after a reload', async () => {
  await page.goto(SETTINGS);
  await night().getByLabel('Time zone', { exact: true }).selectOption('Asia/Tokyo');
  await night().getByLabel('Guardrail: ranking quality', { exact: true }).fill('2');
  await lookAt(page, 'settings-changed', { isPictured: false });
  await night().getByRole('button', { name: 'Save…' }).click();
  await dialog().getByRole('row', { name: 'Guardrail: ranking quality 5 % 2 %' }).waitFor();
  await dialog().getByText('The next night runs on').waitFor();
  await lookAt(page, 'settings-dialog', { isPictured: false });
  await dialog().getByLabel('Reason').fill('We sell in Japan now');
  await dialog().getByRole('button', { name: 'Save', exact: true }).click();
  await night().getByText('Nothing is changed').waitFor();
  await page.reload();
  expect(await night().getByLabel('Time zone', { exact: true }).inputValue()).toBe('Asia/Tokyo');
  expect(await night().getByLabel('Guardrail: ranking quality', { exact: true }).inputValue()).toBe('2 %');
  await page.getByText('We sell in Japan now').first().waitFor();
});

test('a wrong value is refused at its field, and nothing is asked before', async () => {
  await night().getByLabel('Attribution window', { exact: true }).fill('91');
  await night().getByRole('button', { name: 'Save…' }).click();
  await night().getByText('must be a whole number from 1 to 90.', { exact: true }).waitFor();
  expect(await dialog().count()).toBe(0);
  await night().getByRole('button', { name: 'As it was' }).click();
});

test('whoever comes second sees what the first has saved, and loses nothing', async () => {
  const { page: other, context } = await web.open();
  await signIn(other, admin);
  await other.goto(SETTINGS);
  await night(other).getByLabel('Attribution window', { exact: true }).fill('21');
  await night().getByLabel('Begins at', { exact: true }).selectOption('3');
  await save('Stock comes at two');
  await night().getByText('Nothing is changed').waitFor();
  // Told at once, before anything of theirs is overwritten.
  await other.getByText('Somebody else has changed the settings meanwhile').waitFor();
  expect(await night(other).getByLabel('Begins at', { exact: true }).inputValue()).toBe('3');
  expect(await night(other).getByLabel('Attribution window', { exact: true }).inputValue()).toBe('21 days');
  await save('Longer trips', other);
  await night(other).getByText('Nothing is changed').waitFor();
  // Told to the first page at once: it has not asked again.
  await night().locator('input[value="21 days"]').waitFor();
  await context.close();
});

test('the browser had nothing to complain about', () => {
  expect(web.complaints).toEqual([]);
});
