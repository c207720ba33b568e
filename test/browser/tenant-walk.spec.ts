import type { Page } from 'playwright-core';
import { ConsoleUnderTest, signIn, type Person } from './console-under-test.ts';
import { lookAt } from './look-at.ts';

const TENANT = 'lamp-shop';

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
}, 240_000);

afterAll(() => web?.stop(), 60_000);

test('an address inside asks for the sign-in, and leads there afterwards', async () => {
  await page.goto(`/tenants/${TENANT}`);
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  expect(new URL(page.url()).searchParams.get('next')).toBe(`/tenants/${TENANT}`);
  await lookAt(page, 'sign-in');
});

test('a wrong password says so and keeps the address', async () => {
  await page.getByLabel('Email').fill(admin.email);
  await page.getByLabel('Password', { exact: true }).fill('not the password');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('do not belong together').waitFor();
  expect(await page.getByLabel('Email').inputValue()).toBe(admin.email);
});

test('the right one leads home, where nothing has happened yet', async () => {
  await signIn(page, admin);
  await page.getByRole('heading', { level: 1, name: 'Lamp Shop' }).waitFor();
  await page.getByText('No night has been judged yet').waitFor();
  await page.getByText('No purchase that a recommendation preceded yet').waitFor();
  expect(await page.getByRole('radio', { name: /^On/ }).isChecked()).toBe(true);
  await lookAt(page, 'home-empty');
});

test('the browser had nothing to complain about', () => {
  expect(web.complaints).toEqual([]);
});
