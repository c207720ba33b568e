import { readFileSync } from 'node:fs';
import path from 'node:path';
import { RERANKING_STEPS } from '#libs/domain';
import { fillReranking, type RerankingMeasured } from './reranking-table.ts';

const read = (file: string) => readFileSync(path.join(import.meta.dirname, '../../docs', file), 'utf8');
const measured = JSON.parse(read('measured/reranking.json')) as RerankingMeasured;
/** A formatter may have padded the cells. */
const withoutPadding = (text: string) => text.replace(/ {2,}/gu, ' ').replace(/-{3,}/gu, '---');

it('docs/reranking.md tells the steps of the settings and what was measured (npm run docs:reranking)', () => {
  const document = read('reranking.md');
  expect(withoutPadding(document)).toBe(withoutPadding(fillReranking(document, measured)));
  expect(() => fillReranking('', measured)).toThrow('no block steps');
});

it('no step that was measured is on against its rule', () => {
  for (const { rows } of measured.windows) {
    for (const { name, hitRate10Change, ndcg10Change } of rows) {
      if (!Object.hasOwn(RERANKING_STEPS, name)) continue;
      if (!RERANKING_STEPS[name as keyof typeof RERANKING_STEPS].enabled) continue;
      expect([name, Math.max(hitRate10Change.low, ndcg10Change.low) > 0]).toEqual([name, true]);
      expect([name, Math.min(hitRate10Change.high, ndcg10Change.high) < 0]).toEqual([name, false]);
    }
  }
});
