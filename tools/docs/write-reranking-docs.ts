/**
 * Makes the tables of docs/reranking.md anew: steps from the settings, figures from docs/measured/reranking.json, which is the last
 * line of `bench:reranking`.
 * Usage: npm run docs:reranking
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fillReranking, type RerankingMeasured } from './reranking-table.ts';

const docs = path.join(import.meta.dirname, '../../docs');
const file = path.join(docs, 'reranking.md');
const measured = JSON.parse(
  readFileSync(path.join(docs, 'measured/reranking.json'), 'utf8'),
) as RerankingMeasured;
writeFileSync(file, fillReranking(readFileSync(file, 'utf8'), measured));
