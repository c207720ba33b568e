import type { TenantReport } from './demo.ts';
import { renderTable } from './report.ts';

const VERDICT =
  'The taste model puts what customers really went for clearly higher than a plain best-seller list ' +
  '(ranking quality 0.366 against 0.056, 2,457 customers), so it serves from now on.';

const reports: TenantReport[] = ['green-grocer', 'atelier-nord', 'linea-mobile'].map((tenant) => ({
  tenant,
  customers: 13_208,
  products: 1_595,
  interactions: 1_197_343,
  champion: 'popularity v12',
  rmse: 0.2041,
  ndcg10: 0.366,
  popularityNdcg10: 0.0561,
  verdict: VERDICT,
  listsPublished: 3_208,
  sampleCustomer: 'C001796',
}));

const widest = (table: string): number => Math.max(...table.split('\n').map((line) => line.length));
const wordsOf = (table: string): string => table.replaceAll(/[^\p{L}\p{N}.,@()-]+/gu, ' ');

describe('the table of results', () => {
  it.each([80, 0, undefined])(
    'fits a terminal that reports %p columns, with every verdict whole',
    (columns) => {
      const table = renderTable(reports, columns);
      expect(widest(table)).toBeLessThanOrEqual(80);
      expect(wordsOf(table).split(VERDICT)).toHaveLength(reports.length + 1);
      for (const text of ['green-grocer', 'popularity v12', '0.2041', '0.3660', '0.0561'])
        expect(table).toContain(text);
    },
  );

  it('shows a tenant whose first night has not ended', () => {
    expect(renderTable([{ ...reports[0]!, verdict: null }], 80)).toContain('–');
  });

  it('shows everything side by side where there is room', () => {
    const table = renderTable(reports, 160);
    expect(widest(table)).toBeGreaterThan(80);
    expect(widest(table)).toBeLessThanOrEqual(160);
    expect(table).toContain('1,197,343');
  });
});
