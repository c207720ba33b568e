import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { CsvScanner, LONGEST_RECORD, type ScannedRecord } from './csv-scanner.js';

function scan(
  text: string,
  chunk = text.length || 1,
  delimiter = ',',
  quote: string | null = '"',
): ScannedRecord[] {
  const scanner = new CsvScanner(delimiter, quote);
  const records: ScannedRecord[] = [];
  for (let at = 0; at < text.length; at += chunk) records.push(...scanner.feed(text.slice(at, at + chunk)));
  return [...records, ...scanner.feed('', true)];
}

const outcome = (records: readonly ScannedRecord[]) =>
  records.map((record) => record.fault?.code ?? record.values);

describe('CsvScanner', () => {
  it.each<[string, string, unknown[]]>([
    [
      'plain lines',
      'a,b\n1,2\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'CRLF',
      'a,b\r\n1,2\r\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'no line break at the end',
      'a,b\n1,',
      [
        ['a', 'b'],
        ['1', ''],
      ],
    ],
    [
      'blank lines',
      '\n\r\na,b\n\n1,2\n\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'quotes',
      '"a","b ""x"""\r\n"1","2"',
      [
        ['a', 'b "x"'],
        ['1', '2'],
      ],
    ],
    ['line breaks and delimiters inside', '"a\r\nb,c",d\n', [['a\r\nb,c', 'd']]],
    ['empty quotes', '"",""\n', [['', '']]],
    ['a quote inside a value', 'a"b,c\n1,2\n', ['malformedQuotes', ['1', '2']]],
    ['text behind a closing quote', '"a"b,c\n1,2\n', ['malformedQuotes', ['1', '2']]],
    ['a quote that never closes', 'a,"b\n1,2\n3,4', ['malformedQuotes', ['1', '2'], ['3', '4']]],
  ])('reads %s, however it is cut into chunks', (_, text, expected) => {
    for (let chunk = 1; chunk <= text.length; chunk += 1)
      expect(outcome(scan(text, chunk))).toEqual(expected);
  });

  it('knows other delimiters and files without quoting', () => {
    expect(outcome(scan("a;'b;c'\n", 3, ';', "'"))).toEqual([['a', 'b;c']]);
    expect(outcome(scan('a\t"b\n', 3, '\t', null))).toEqual([['a', '"b']]);
  });

  it('agrees with csv-parse on every well-formed file', () => {
    const cell = fc.string({
      unit: fc.constantFrom('a', 'é', '"', ',', '\n', '\r\n', ' ', '😀'),
      maxLength: 6,
    });
    const file = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(
        file,
        fc.integer({ min: 1, max: 20 }),
        fc.constantFrom('\n', '\r\n'),
        (rows, chunk, lineBreak) => {
          const text = rows.map((row) => row.map(quoted).join(',')).join(lineBreak);
          const expected = parse(text, {
            relaxColumnCount: true,
            skipEmptyLines: true,
            recordDelimiter: ['\r\n', '\n'],
          }) as string[][];
          expect(outcome(scan(text, chunk))).toEqual(expected);
        },
      ),
      { seed: 7, numRuns: 500 },
    );
  });

  it('never fails and always ends, whatever comes', () => {
    const rubbish = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', '\0'), maxLength: 40 });
    fc.assert(
      fc.property(rubbish, fc.integer({ min: 1, max: 10 }), (text, chunk) => {
        expect(outcome(scan(text, chunk))).toEqual(outcome(scan(text)));
      }),
      { seed: 7, numRuns: 1000 },
    );
  });

  it('refuses a record that is too long and goes on behind it', () => {
    const long = 'x'.repeat(LONGEST_RECORD + 10);
    expect(outcome(scan(`a,b\n${long}\n1,2\n`, 65_536))).toEqual([['a', 'b'], 'recordTooLong', ['1', '2']]);
    expect(outcome(scan(`a,b\n"${long}\n1,2\n`, 65_536))).toEqual([['a', 'b'], 'recordTooLong', ['1', '2']]);
    expect(outcome(scan(long, 65_536))).toEqual(['recordTooLong']);
  });

  function quoted(value: string): string {
    return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
  }
});
