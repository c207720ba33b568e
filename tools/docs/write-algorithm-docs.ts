/**
 * Makes the tables of docs/algorithms.md anew: parameters from the registry, accuracy from docs/measured/accuracy.json, which
 * is the last line of `bench:accuracy`.
 * Usage: npm run docs:algorithms
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { algorithms } from '#libs/algorithms';
import { fillTables, type MeasuredRow } from './algorithm-tables.ts';

const docs = path.join(import.meta.dirname, '../../docs');
const file = path.join(docs, 'algorithms.md');
const { rows } = JSON.parse(readFileSync(path.join(docs, 'measured/accuracy.json'), 'utf8')) as {
  rows: MeasuredRow[];
};
writeFileSync(file, fillTables(readFileSync(file, 'utf8'), { algorithms, measured: rows }));
