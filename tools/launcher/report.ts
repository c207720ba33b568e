import Table from 'cli-table3';
import type { DemoTenant, TenantReport } from './demo.ts';

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

export function renderTable(tenants: TenantReport[]): string {
  const table = new Table({
    head: [
      'tenant',
      'customers',
      'products',
      'interactions',
      'champion',
      'RMSE',
      'NDCG@10',
      'popularity',
      'verdict',
    ],
    colAligns: ['left', 'right', 'right', 'right', 'left', 'right', 'right', 'right', 'left'],
    style: { head: [], border: [] }, // no colours: readable in a log as well
    wordWrap: true,
    colWidths: [null, null, null, null, null, null, null, null, 40],
  });
  for (const t of tenants) {
    table.push([
      t.tenant,
      number(t.customers),
      number(t.products),
      number(t.interactions),
      t.champion,
      score(t.rmse),
      score(t.ndcg10),
      score(t.popularityNdcg10),
      t.verdict,
    ]);
  }
  return table.toString();
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
    `control plane      ${addresses.api}`,
    `API documentation  ${addresses.api}/docs`,
    `recommendations    ${addresses.serving}`,
  ].join('\n');
}
