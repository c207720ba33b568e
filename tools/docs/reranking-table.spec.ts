import { readFileSync } from 'node:fs';
import path from 'node:path';
import { withRerankingTable } from './reranking-table.ts';

/** A formatter may have padded the cells. */
const withoutPadding = (text: string) => text.replace(/ {2,}/gu, ' ').replace(/-{3,}/gu, '---');

it('docs/reranking.md tells the steps and parameters of the settings (npm run docs:reranking)', () => {
  const document = readFileSync(path.join(import.meta.dirname, '../../docs/reranking.md'), 'utf8');
  expect(document).toContain('<!-- end of steps -->');
  expect(withoutPadding(document)).toBe(withoutPadding(withRerankingTable(document)));
});
