import type { Page } from 'playwright-core';
import { ConsoleUnderTest, signIn } from './console-under-test.ts';
import { lookAt } from './look-at.ts';

const TENANT = 'sim-0001';
const FLEET = ['--tenants', '1', '--profile', 'grocer', '--seed', '169'];
const STEP_MS = 120_000;

let web: ConsoleUnderTest;
let page: Page;

beforeAll(async () => {
  web = await ConsoleUnderTest.start();
  await web.cli(
    ...['tenant', 'create', TENANT, '--name', 'Fern Grocers'],
    ...['--time-zone', 'Europe/Zurich', '--currency', 'CHF'],
  );
  await web.cli(
    'simulate',
    ...FLEET,
    '--until',
    new Date(Date.now() - 86_400_000).toISOString().slice(0, 10),
  );
  await web.cli('run', '--tenant', TENANT, '--wait');
  const admin = await web.createPerson('anna@fern.example', 'Anna Adler', '--tenant', TENANT);
  ({ page } = await web.open());
  await signIn(page, admin);
}, 300_000);

afterAll(() => web?.stop(), 60_000);

const list = () => page.getByRole('list', { name: 'Rules' });
const section = () => page.getByRole('region', { name: 'Rules', exact: true });
const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });

/** Opens the menu of kinds and takes one, without the mouse. */
async function addRule(kind: string): Promise<void> {
  await button('Add a rule…').focus();
  await page.keyboard.press('Enter');
  const item = page.getByRole('menuitem', { name: new RegExp(`^${kind}`) });
  await item.focus();
  await page.keyboard.press('Enter');
}

async function chooseByKeyboard(combobox: string, text: string): Promise<void> {
  await page.getByRole('combobox', { name: combobox }).focus();
  await page.keyboard.type(text);
  await page
    .getByRole('option', { name: new RegExp(`^${text}`) })
    .first()
    .waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
}

test(
  'a rule is put together with the keyboard, and says what it does before it is saved',
  async () => {
    await page.getByRole('link', { name: 'Rules and tuning' }).click();
    await page.getByText('No rules yet').waitFor();
    await addRule('Never recommend');
    // The server says what is missing, at the rule and at the field.
    await list().getByRole('alert').getByText('Products: say at least one').waitFor();
    await page.getByText('one by one. (say at least one)').waitFor();
    await chooseByKeyboard('Add a condition: Which products', 'Category');
    await chooseByKeyboard('Category', 'Wine and Beer');
    await list().getByText('Never recommend products in category Wine and Beer.').waitFor();
    await page.getByText(/would get another list/).waitFor();
    await page.getByText('hidden by rule never').first().waitFor();
    expect(await list().getByRole('alert').count()).toBe(0);
  },
  STEP_MS,
);

test(
  'a draft survives a reload, and whoever leaves is asked',
  async () => {
    await button('Done').focus();
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement?.textContent')).toBe('Edit');
    await page.reload();
    await list().getByText('in category Wine and Beer').waitFor();
    await page.getByText('Not saved yet').waitFor();
    await page.getByRole('link', { name: 'Customers' }).click();
    await page.getByText('The rules are not saved').waitFor();
    await button('Stay').click();
    expect(new URL(page.url()).pathname).toBe(`/tenants/${TENANT}/rules`);
  },
  STEP_MS,
);

test(
  'what the server refuses stands at the rule and the field that it names',
  async () => {
    await addRule('Raise or lower');
    await chooseByKeyboard('Add a condition: Which products', 'Brand');
    await chooseByKeyboard('Brand', 'Prima');
    await page.getByLabel('Change of the score').fill('20000');
    await list().getByText('Change of the score: at most 100').waitFor();
    await page.getByLabel('Change of the score').fill('50');
    await page.getByLabel('From (Europe/Zurich)').fill('2026-12-24T18:00');
    await page.getByLabel('Until (Europe/Zurich)').fill('2026-12-24T12:00');
    await list().getByText('Until: must be later than from').waitFor();
    await page.getByLabel('Until (Europe/Zurich)').fill('2027-01-03T00:00');
    await list()
      .getByText('Raise products of brand Prima by 50 %, from 24 Dec 2026, 18:00, until 3 Jan 2027, 00:00.')
      .waitFor();
    await page.getByText('The preview is of now: 1 rule that does not hold').waitFor();
    await page.getByText(/would get another list/).waitFor();
    await lookAt(page, 'rules-editor');
  },
  STEP_MS,
);

test(
  'rules are moved, copied, taken away and put back; the document is the same',
  async () => {
    await button('Move raise up').click();
    await button('More about never').click();
    await page.getByRole('menuitem', { name: 'Duplicate' }).click();
    await list().getByText('never-2').waitFor();
    await button('More about never-2').click();
    await page.getByRole('menuitem', { name: 'Remove' }).click();
    await button('Put it back').click();
    await page.getByRole('tab', { name: 'As a document' }).click();
    const text = await page.getByLabel('All rules, in the order of the list').inputValue();
    expect(JSON.parse(text)).toEqual([
      {
        ...{ ruleId: 'raise', kind: 'boost', products: { brands: ['Prima'] }, factor: 1.5 },
        ...{ from: '2026-12-24T18:00:00+01:00', until: '2027-01-03T00:00:00+01:00' },
      },
      { ruleId: 'never', kind: 'exclude', products: { categories: ['Wine and Beer'] } },
      { ruleId: 'never-2', kind: 'exclude', products: { categories: ['Wine and Beer'] } },
    ]);
    await page.getByRole('tab', { name: 'Rules' }).click();
  },
  STEP_MS,
);

test(
  'nothing is in force before it is saved with a reason, and then it is',
  async () => {
    await section().getByRole('button', { name: 'Save…' }).click();
    await page.getByLabel('Reason').fill('Agreed with the board');
    await button('Save').click();
    await page.getByText('As soon as you change something').waitFor();
    expect(await list().getByRole('listitem').count()).toBe(3);
    expect(await section().getByRole('button', { name: 'Save…' }).isDisabled()).toBe(true);
    await page.reload();
    await list().getByText('in category Wine and Beer').first().waitFor();
    expect(await page.getByText('Not saved yet').count()).toBe(0);
  },
  STEP_MS,
);

test(
  'a dial says what it costs before it is saved, and a customer’s page what it would move',
  async () => {
    await page.getByRole('switch', { name: 'Price boost' }).focus();
    await page.keyboard.press('Space');
    await page.getByText('Relevance, as your model in service scores it').waitFor();
    await page.getByText('raised by “Price boost”').first().waitFor();
    const slider = page.getByRole('slider', { name: 'Price boost' });
    await slider.focus();
    await page.keyboard.press('ArrowRight');
    const words = 'dearest +25 %, cheapest −25 % of the score';
    await page.getByRole('paragraph').getByText(words).waitFor();
    expect(await slider.getAttribute('aria-valuetext')).toBe(words);
    await page.getByText('This customer’s page').first().click();
    await page.getByRole('switch', { name: 'Compare with other settings' }).focus();
    await page.keyboard.press('Space');
    await page.getByRole('switch', { name: 'Price boost' }).focus();
    await page.keyboard.press('Space');
    await page.getByText(/The last column is the place there|The list would be the same/).waitFor();
  },
  STEP_MS,
);

test(
  'the data page tells what the night knows of demand, in charts and in tables',
  async () => {
    await page.getByRole('link', { name: 'Data', exact: true }).click();
    await page.getByText(/to be expected back in at least one category/).waitFor();
    for (const chart of await page.getByText(', as a table').all()) await chart.click();
    await page.getByRole('columnheader', { name: 'due this week' }).waitFor();
    await lookAt(page, 'data-insights');
  },
  STEP_MS,
);

test('the browser had nothing to complain about', () => {
  expect(web.complaints).toEqual([]);
});
