import Table from 'cli-table3';
import type { DemoPerson, DemoTenant, TenantReport } from './demo.ts';

const number = (value: number): string => value.toLocaleString('en-US');
const score = (value: number | null | undefined): string =>
  typeof value === 'number' ? value.toFixed(4) : '–';

export function recommendationsUrl(
  servingUrl: string,
  tenant: string,
  customer: string,
  count: number,
): string {
  const path = [tenant, 'recommendations', customer].map(encodeURIComponent).join('/');
  return `${servingUrl}/v1/tenants/${path}?count=${count}`;
}

const USUAL_COLUMNS = 80;
const VERDICT_WIDTH = 40;

/** Without colours: readable in a log as well. */
const PLAIN = { head: [], border: [] };

/** With the verdict beside the numbers where the terminal is wide enough, else below them and with fewer numbers. */
export function renderTable(tenants: TenantReport[], columns: number | undefined): string {
  const available = columns || USUAL_COLUMNS; // a terminal may report 0
  const wide = renderWide(tenants);
  return widthOf(wide) <= available ? wide : renderNarrow(tenants);
}

function renderWide(tenants: TenantReport[]): string {
  const names = [
    'tenant',
    'customers',
    'products',
    'interactions',
    'champion',
    'RMSE',
    'NDCG@10',
    'popularity',
  ];
  const table = new Table({
    head: [...names, 'verdict'],
    colAligns: ['left', 'right', 'right', 'right', 'left', 'right', 'right', 'right', 'left'],
    style: PLAIN,
    wordWrap: true,
    colWidths: [...names.map(() => null), VERDICT_WIDTH],
  });
  for (const t of tenants) {
    table.push([
      ...[t.tenant, number(t.customers), number(t.products), number(t.interactions), t.champion],
      ...[score(t.rmse), score(t.ndcg10), score(t.popularityNdcg10), t.verdict ?? '–'],
    ]);
  }
  return table.toString();
}

function renderNarrow(tenants: TenantReport[]): string {
  const head = ['tenant', 'customers', 'champion', 'RMSE', 'NDCG@10', 'popularity'];
  const rows = tenants.map((t) => [
    ...[t.tenant, number(t.customers), t.champion],
    ...[score(t.rmse), score(t.ndcg10), score(t.popularityNdcg10)],
  ]);
  const newTable = () =>
    new Table({ head, colAligns: ['left', 'right', 'left', 'right', 'right', 'right'], style: PLAIN });
  const numbers = newTable();
  numbers.push(...rows);
  // The verdicts take the width that the numbers need, without the frame.
  const textWidth = widthOf(numbers.toString()) - 4;
  const table = newTable();
  tenants.forEach((t, index) => {
    const content = wrapWords(t.verdict ?? '–', textWidth);
    table.push(rows[index]!, [{ content, colSpan: head.length, hAlign: 'left' }]);
  });
  return table.toString();
}

const widthOf = (table: string): number => table.indexOf('\n');

function wrapWords(text: string, width: number): string {
  const lines = [''];
  for (const word of text.split(/\s+/)) {
    const line = [lines.at(-1), word].filter(Boolean).join(' ');
    if (line.length <= width) lines[lines.length - 1] = line;
    else lines.push(word);
  }
  return lines.join('\n');
}

// Inside single quotes a shell leaves everything alone but the quote itself.
const shellQuote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

export function renderCurls(
  tenants: DemoTenant[],
  reports: TenantReport[],
  addresses: Record<string, string>,
): string {
  const lines = reports.flatMap((report) => {
    const key = tenants.find(({ tenant }) => tenant === report.tenant)?.keys?.full;
    if (!key) return [];
    const authorization = `-H ${shellQuote(`Authorization: Bearer ${key}`)}`;
    const url = recommendationsUrl(addresses.serving!, report.tenant, report.sampleCustomer, 5);
    return [`curl -s ${authorization} ${shellQuote(url)}`];
  });
  const first = tenants[0];
  if (first?.keys?.full) {
    lines.push(
      `curl -s -X PUT -H ${shellQuote(`Authorization: Bearer ${first.keys.full}`)} -H 'Content-Type: application/json' ` +
        `-d '{"state":"frozen","reason":"trying it out"}' ` +
        shellQuote(`${addresses.api}/v1/tenants/${encodeURIComponent(first.tenant)}/lifecycle`),
    );
  }
  return lines.join('\n');
}

export function renderAddresses(addresses: Record<string, string>): string {
  return [
    `console            ${addresses.api}`,
    `API documentation  ${addresses.api}/docs`,
    `recommendations    ${addresses.serving}`,
  ].join('\n');
}

/** Who can sign in to the console, and with what. */
export function renderPeople(people: readonly DemoPerson[]): string {
  const width = Math.max(0, ...people.map(({ email }) => email.length));
  return people
    .map(
      ({ email, role, password }) => `${email.padEnd(width)}  ${password ?? '(its own password)'}  (${role})`,
    )
    .join('\n');
}
