import { readFileSync } from 'node:fs';
import path from 'node:path';
import { algorithms } from '#libs/algorithms';
import { accuracyTable, fillTables, parameterTable, type MeasuredRow } from './algorithm-tables.ts';

const read = (file: string) => readFileSync(path.join(import.meta.dirname, '../../docs', file), 'utf8');

describe('docs/algorithms.md', () => {
  it('tells the parameters of the registry and the measured accuracy (npm run docs:algorithms)', () => {
    const { rows } = JSON.parse(read('measured/accuracy.json')) as { rows: MeasuredRow[] };
    const document = read('algorithms.md');
    expect(document).toBe(fillTables(document, { algorithms, measured: rows }));
  });
});

describe('the tables', () => {
  it('show numbers, whole numbers and choices', () => {
    const parameters = [
      { name: 'a', type: 'integer', default: 2, min: 1, max: 9, doc: 'How many.' },
      { name: 'b', type: 'number', default: 0.5, min: 0, max: 1, doc: 'x | y' },
      { name: 'c', type: 'choice', default: 'one', choices: ['one', 'two'], doc: 'Which.' },
    ] as const;
    expect(parameterTable({ parameters }).split('\n').slice(2)).toEqual([
      '| `a` | 2 | 1 … 9, whole | How many. |',
      '| `b` | 0.5 | 0 … 1 | x \\| y |',
      '| `c` | one | `one`, `two` | Which. |',
    ]);
  });

  it('show what was measured of one model, with holes where nothing was', () => {
    const row = { dataset: 'd', model: 'ials', metric: 'hr@10', ours: 0.73456, bar: 0.73, fitSeconds: 12.34 };
    const other = { ...row, model: 'ease' };
    expect(accuracyTable('ials', [other, row]).split('\n').slice(2)).toEqual([
      '| d | hr@10 | 0.7346 | 0.7300 |  | 12.3 |  |',
    ]);
    expect(accuracyTable('ials', [{ ...row, spread: [0.73, 0.74] }])).toContain(
      '| 0.7346 (0.7300 … 0.7400) |',
    );
    expect(accuracyTable('bpr', [row])).toBe('Not measured yet.');
  });

  it('fill their blocks and nothing else, again and again', () => {
    const document = 'a\n<!-- parameters: x -->\nold\n<!-- end -->\nb\n<!-- accuracy: x -->\n<!-- end -->\n';
    const sources = { algorithms: { x: { parameters: [] } }, measured: [] };
    const once = fillTables(document, sources);
    expect(once).toContain('No parameters.');
    expect(once).toMatch(/^a\n[\s\S]*\nb\n/u);
    expect(once).not.toContain('old');
    expect(fillTables(once, sources)).toBe(once);
    expect(() => fillTables('', sources)).toThrow('says nothing of x');
  });
});
