import { TimestampParser } from '../parse-timestamp.js';

/** As files are written; the first that reads all of a column's values is taken. Day before month, unless a value says otherwise. */
const DATE_FORMATS = [
  'iso',
  'epochSeconds',
  'epochMilliseconds',
  ...['dd.MM.yyyy HH:mm:ss', 'dd.MM.yyyy HH:mm', 'dd.MM.yyyy', 'd.M.yyyy H:mm', 'd.M.yyyy'],
  ...['dd/MM/yyyy HH:mm:ss', 'dd/MM/yyyy HH:mm', 'dd/MM/yyyy', 'd/M/yyyy H:mm', 'd/M/yyyy'],
  ...['M/d/yyyy H:mm:ss', 'M/d/yyyy H:mm', 'M/d/yyyy', 'M/d/yy H:mm', 'M/d/yy'],
  ...['yyyy/MM/dd HH:mm:ss', 'yyyy/MM/dd HH:mm', 'yyyy/MM/dd', 'yyyyMMdd', 'yyyy.MM.dd'],
] as const;

const FIRST_SECONDS = 315_532_800; // 1980: smaller numbers are ids or prices, not moments
const FIRST_MILLISECONDS = 315_532_800_000;

/** The one that reads most of the values; undefined where none reads at least half: the others are named, row by row. */
export function guessDateFormat(values: readonly string[]): string | undefined {
  return mostFitting(DATE_FORMATS, values, (format) => {
    const parser = new TimestampParser(format, 'UTC');
    return (value) => isPlausible(value, format) && Number.isFinite(parser.parse(value));
  });
}

function mostFitting<T>(
  candidates: readonly T[],
  values: readonly string[],
  testOf: (candidate: T) => (value: string) => boolean,
): T | undefined {
  let best: T | undefined;
  let most = values.length === 0 ? Infinity : values.length / 2 - 1;
  for (const candidate of candidates) {
    const fitting = values.filter(testOf(candidate)).length;
    if (fitting > most && fitting * 2 >= values.length) [best, most] = [candidate, fitting];
    if (most === values.length) break;
  }
  return best;
}

function isPlausible(value: string, format: string): boolean {
  if (!format.startsWith('epoch')) return true;
  const number = Number(value);
  if (format === 'epochMilliseconds') return number >= FIRST_MILLISECONDS;
  return number >= FIRST_SECONDS && number < FIRST_MILLISECONDS;
}

export interface NumberStyle {
  readonly decimal?: ',';
  readonly thousands?: ',' | '.' | ' ' | "'";
}

const STYLES: readonly (readonly [RegExp, NumberStyle])[] = [
  [/^-?\d+(?:\.\d+)?$/, {}],
  [/^-?\d{1,3}(?:,\d{3})*(?:\.\d+)?$/, { thousands: ',' }],
  [/^-?\d+(?:,\d+)?$/, { decimal: ',' }],
  [/^-?\d{1,3}(?:\.\d{3})*(?:,\d+)?$/, { decimal: ',', thousands: '.' }],
  [/^-?\d{1,3}(?: \d{3})*(?:,\d+)?$/, { decimal: ',', thousands: ' ' }],
  [/^-?\d{1,3}(?:'\d{3})*(?:\.\d+)?$/, { thousands: "'" }],
];

/** The same for numbers. */
export function guessNumberStyle(values: readonly string[]): NumberStyle | undefined {
  return mostFitting(
    STYLES,
    values,
    ([pattern]) =>
      (value) =>
        pattern.test(value),
  )?.[1];
}
