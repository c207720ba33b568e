/** Why a row, or one field of it, was not taken. Codes are stable and documented in docs/mapping.md. */
export const ROW_ERROR_CODES = [
  'missing',
  'notANumber',
  'notFinite',
  'outOfRange',
  'negativePrice',
  'negativeQuantity',
  'zeroQuantity',
  'badDate',
  'futureDate',
  'tooLong',
  'controlCharacter',
  'nulByte',
  'invalidEncoding',
  'unknownValue',
  'wrongType',
  'unknownColumn',
  'wrongColumnCount',
  'malformedQuotes',
  'malformedJson',
  'recordTooLong',
  'customerErased',
] as const;
export type RowErrorCode = (typeof ROW_ERROR_CODES)[number];

export interface RowError {
  /** 1-based number of the data row: the header does not count, blank lines neither. */
  readonly row: number;
  /** The same, 0-based: the form that batches of the API use. */
  readonly index: number;
  /** Field of the universal schema; absent when the record as a whole could not be read. */
  readonly field?: string;
  /** Column of the file. */
  readonly column?: string;
  readonly code: RowErrorCode;
  readonly message: string;
}

/** Collects the errors of the row at hand, so that the readers of single fields need no allocation while all is well. */
export class RowErrorCollector {
  private row = 0;
  private errors: RowError[] = [];

  start(row: number): void {
    this.row = row;
    if (this.errors.length > 0) this.errors = [];
  }

  add(code: RowErrorCode, message: string, field?: string, column?: string): void {
    // One cell that fills two fields, such as the row's price and the product's, is wrong once.
    if (column !== undefined && this.errors.some((error) => error.column === column && error.code === code))
      return;
    this.errors.push({
      row: this.row,
      index: this.row - 1,
      ...(field === undefined ? {} : { field }),
      ...(column === undefined ? {} : { column }),
      code,
      message,
    });
  }

  has(field: string): boolean {
    return this.errors.some((error) => error.field === field);
  }

  get any(): boolean {
    return this.errors.length > 0;
  }

  /** The errors of the current row; the next row starts a new array. */
  take(): readonly RowError[] {
    return this.errors;
  }
}

const SHOWN_CHARACTERS = 80;

/** A value as a message may show it: quoted, short, without line breaks. */
export function showValue(value: unknown): string {
  const text = shownText(value);
  return JSON.stringify(text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text);
}

/** Never `String` of an object: it would join lists, however deep or long they are. */
function shownText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'no date' : value.toISOString();
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
