/**
 * Makes the table of steps in docs/reranking.md anew, from the settings.
 * Usage: npm run docs:reranking
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { withRerankingTable } from './reranking-table.ts';

const file = path.join(import.meta.dirname, '../../docs/reranking.md');
writeFileSync(file, withRerankingTable(readFileSync(file, 'utf8')));
