import fc from 'fast-check';
import { CopyRowReader } from './copy-row-reader.js';
import { KnownTexts } from './known-texts.js';

type Field = string | null;

/** PostgreSQL's COPY text format, as its manual describes what the server sends. */
function copyText(rows: readonly Field[][]): Buffer {
  const escapes: Record<string, string> = {
    '\\': '\\\\',
    '\b': '\\b',
    '\f': '\\f',
    '\n': '\\n',
    '\r': '\\r',
    '\t': '\\t',
    '\v': '\\v',
  };
  const field = (value: Field) =>
    value === null ? '\\N' : value.replace(/[\\\b\f\n\r\t\v]/g, (letter) => escapes[letter]);
  return Buffer.from(rows.map((row) => `${row.map(field).join('\t')}\n`).join(''));
}

function readAll(chunks: readonly Buffer[], columns: number): Field[][] {
  const reader = new CopyRowReader();
  const rows: Field[][] = [];
  const take = (row: CopyRowReader) => {
    rows.push(Array.from({ length: columns }, (_, index) => row.optional(index) ?? null));
  };
  for (const chunk of chunks) reader.push(chunk, take);
  reader.end();
  return rows;
}

const ODD: Field[][] = [
  ['plain', null, '', '\\N'],
  ['tab\tinside', 'line\nbreak', 'cr\r\n', 'back\\slash'],
  ['\\', '\\\\N', '\\t', '\v\f\b'],
  ['ümlaut', '日本語', '🙂 family 👨‍👩‍👧', '"quoted" \'single\''],
  [null, null, null, null],
  ['', '', '', ''],
];

describe('CopyRowReader', () => {
  it('gives the same rows wherever the stream is cut in two', () => {
    const bytes = copyText(ODD);
    for (let cut = 0; cut <= bytes.length; cut++) {
      expect(readAll([bytes.subarray(0, cut), bytes.subarray(cut)], 4)).toEqual(ODD);
    }
  });

  it('gives the same rows byte by byte', () => {
    const bytes = copyText(ODD);
    expect(
      readAll(
        Array.from(bytes, (byte) => Buffer.of(byte)),
        4,
      ),
    ).toEqual(ODD);
  });

  it('reads numbers as Number does', () => {
    const numberOf = (text: string) => {
      const numbers: number[] = [];
      new CopyRowReader().push(Buffer.from(`${text}\n`), (row) => numbers.push(row.number(0)));
      return numbers[0];
    };
    const odd = [
      '0',
      '-0',
      '-1.50',
      '1e3',
      'NaN',
      'Infinity',
      '-Infinity',
      '.5',
      '5.',
      '.',
      '-',
      '1.2.3',
      '0.1',
    ];
    const long = [
      '999999999999999',
      '9999999999999999',
      '0.000000000000001',
      '123456789012345.5',
      '1732147200.123456',
    ];
    for (const text of [...odd, ...long]) expect(numberOf(text)).toBe(Number(text));
    expect(numberOf('\\N')).toBeNaN();
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 999_999 }), (whole, part) => {
        for (const text of [`${whole}`, `${whole}.${part}`, `${whole}.000${part}`])
          expect(numberOf(text)).toBe(Number(text));
      }),
    );
  });

  it('gives back any text in any pieces', () => {
    const field = fc.oneof(
      fc.constant(null),
      fc.string({ unit: fc.constantFrom('\\', 'N', '\t', '\n', 'n', 't', 'é', '🙂', 'a') }),
    );
    const rows = fc.array(fc.array(field, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 9 }), (given, size) => {
        const bytes = copyText(given);
        const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
          bytes.subarray(i * size, (i + 1) * size),
        );
        expect(readAll(chunks, 3)).toEqual(given);
      }),
      { seed: 3 },
    );
  });

  it('tells NULL from the text \\N', () => {
    expect(readAll([Buffer.from('\\N\t\\\\N\n')], 2)).toEqual([[null, '\\N']]);
  });

  it('does not let a longer row before shine through a shorter one', () => {
    const reader = new CopyRowReader();
    const seen: string[] = [];
    reader.push(Buffer.from('a\tbbb\tc\nxx\ty\tz\n'), (row) => seen.push(row.text(1), row.text(2)));
    expect(seen).toEqual(['bbb', 'c', 'y', 'z']);
  });

  it('reads numbers as PostgreSQL writes them, and NULL as NaN', () => {
    const reader = new CopyRowReader();
    let numbers: number[] = [];
    reader.push(Buffer.from('12.3400\t-0.5\t1e-07\tNaN\t\\N\t1763718000.123000\tInfinity\n'), (row) => {
      numbers = [0, 1, 2, 3, 4, 5, 6].map((index) => row.number(index));
    });
    expect(numbers).toEqual([12.34, -0.5, 1e-7, NaN, NaN, 1763718000.123, Infinity]);
  });

  it('has nothing to say about an empty table', () => {
    expect(readAll([], 1)).toEqual([]);
    expect(readAll([Buffer.alloc(0)], 1)).toEqual([]);
  });

  it('does not take half a row for a row', () => {
    expect(() => readAll([Buffer.from('a\tb\nc\t')], 2)).toThrow('in the middle of a row');
  });

  it('gives texts that repeat as they are, the same string each time', () => {
    const long = 'x'.repeat(60);
    const texts = [
      'a',
      'b',
      'ümlaut',
      long,
      '',
      'tab\tinside',
      ...Array.from({ length: 40_000 }, (_, i) => `id-${i}`),
    ];
    const rows = [...texts, ...texts].map((text) => [text]);
    const reader = new CopyRowReader();
    const read: (string | undefined)[] = [];
    reader.push(copyText([...rows, [null]]), (row) => read.push(row.optionalRepeated(0)));
    expect(read).toEqual([...texts, ...texts, undefined]);
  });

  it('tells texts apart that share a slot', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[ab]{0,50}$/), { maxLength: 200 }), (texts) => {
        const reader = new CopyRowReader(new KnownTexts(2));
        const read: string[] = [];
        reader.push(copyText(texts.map((text) => [text])), (row) => read.push(row.repeated(0)));
        expect(read).toEqual(texts);
      }),
    );
  });
});
