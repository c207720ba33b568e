import { gzipSync } from 'node:zlib';
import { ScratchFiles } from '../testing/scratch-files.js';
import { eachLine } from './each-line.js';
import { numberIn } from './fields.js';
import { IdTable } from './id-table.js';

const files = new ScratchFiles();
afterAll(() => files.remove());
const bytesOf = (text: string) => new TextEncoder().encode(text);

describe('lines of a file', () => {
  const linesOf = async (file: Parameters<typeof eachLine>[0]) => {
    const lines: [number, string][] = [];
    await eachLine(file, (bytes, start, end, line) =>
      lines.push([line, Buffer.from(bytes.subarray(start, end)).toString()]),
    );
    return lines;
  };

  it.each(['plain.tsv', 'packed.gz'])(
    'are numbered, without their ends and the blank ones (%s)',
    async (name) => {
      const file = files.write(name, '\ufeffa b\r\n\n  \nlast, without an end');
      expect(await linesOf(file)).toEqual([
        [1, 'a b'],
        [4, 'last, without an end'],
      ]);
    },
  );

  it('are whole across the chunks in which a file is read', async () => {
    const written = Array.from({ length: 150_000 }, (_, i) => `line number ${i * 7}`);
    const lines = await linesOf(files.write('long.gz', written.join('\n')));
    expect(lines.map(([, text]) => text)).toEqual(written);
  });

  it.each([
    ['emptyFile', () => files.write('empty', '')],
    ['emptyFile', () => files.write('blank', '\n \n')],
    ['emptyFile', () => files.write('empty.gz', '')],
    ['fileNotReadable', () => files.missing('nowhere')],
    ['damagedGzip', () => files.write('half', gzipSync('some text').subarray(0, 15))],
  ])('are refused: %s', async (code, file) => {
    await expect(linesOf(file())).rejects.toMatchObject({ code });
  });
});

describe('numbers', () => {
  it.each([
    '0',
    '5',
    '4.5',
    '4.',
    '.5',
    '1e3',
    '-2',
    '+7',
    '0.1',
    '123456789.123456',
    '12345678901234567890',
  ])('of %s are those of JavaScript', (text) => {
    expect(numberIn(bytesOf(text), 0, text.length)).toBe(Number(text));
  });

  it.each(['', '.', 'x', '1.2.3', '1,5', 'NaN', 'Infinity', '0x10', '1 2', '--1', 'e5'])(
    'are not %j',
    (text) => {
      expect(numberIn(bytesOf(text), 0, text.length)).toBeNaN();
    },
  );
});

describe('id table', () => {
  it('gives equal ids one index, whatever they are', () => {
    const table = new IdTable();
    const ids = Array.from({ length: 20_000 }, (_, i) => (i % 3 === 0 ? `${i}` : `kunde-${i}-ü`));
    const intern = (id: string) => table.intern(bytesOf(id), 0, bytesOf(id).length);
    expect(ids.map(intern)).toEqual(ids.map((_, i) => i));
    expect(ids.map(intern)).toEqual(ids.map((_, i) => i));
    expect(table.size).toBe(ids.length);
    expect(table.textOf(4)).toBe('kunde-4-ü');
    expect(table.find(bytesOf('kunde-5-ü'), 0, 9)).toBe(-1);
    expect(table.find(bytesOf('kunde-5-ü'), 0, 10)).toBe(5);
  });

  it('orders them by length and then by bytes: numbers by size', () => {
    const table = new IdTable();
    for (const id of ['10', 'b', '9', '100', 'a']) table.intern(bytesOf(id), 0, id.length);
    expect([...table.canonicalPlaces()]).toEqual([3, 2, 0, 4, 1]);
  });
});
