import type { ColumnSource } from './column-source.js';
import type { FieldReader } from './field-reader.js';
import type { FieldKind, MappedValue } from './import-entity.js';
import type { NumberParser } from './parse-number.js';
import type { TimestampParser } from './parse-timestamp.js';
import { showValue, type RowErrorCollector } from './row-error.js';
import { checkId } from './text-readers.js';

/** numeric(14,4) ends here. */
export const LARGEST_PRICE = 9_999_999_999.9999;
// Far beyond any quantity, and exact as a double.
export const LARGEST_NUMBER = 1e15;

export interface NumberRange {
  readonly min: number;
  readonly max: number;
}

/** What a number of this kind may be unless the mapping is stricter or, for ratings, says its own scale. */
export function rangeOf(kind: FieldKind, min?: number, max?: number): NumberRange {
  if (kind === 'rating') return { min: min ?? 1, max: max ?? 5 };
  const limit = kind === 'price' ? LARGEST_PRICE : LARGEST_NUMBER;
  const lowest = kind === 'share' ? 0 : -limit;
  return { min: Math.max(min ?? lowest, lowest), max: Math.min(max ?? limit, kind === 'share' ? 1 : limit) };
}

export class NumberReader implements FieldReader {
  constructor(
    readonly field: string,
    private readonly source: ColumnSource,
    private readonly parser: NumberParser,
    private readonly range: NumberRange,
    private readonly refuseNegative: boolean,
  ) {}

  read(values: readonly unknown[], errors: RowErrorCollector): MappedValue {
    const value = this.source.read(values, errors);
    if (value === null) return null;
    const number = this.toNumber(value);
    if (typeof number === 'string') {
      const wanted = number === 'notFinite' ? 'is not finite' : 'is not a number';
      errors.add(number, `${showValue(value)} ${wanted}.`, this.field, this.source.column);
      return null;
    }
    if (number < 0 && this.refuseNegative) {
      errors.add('negativePrice', `${showValue(value)} is a negative price.`, this.field, this.source.column);
      return null;
    }
    if (number >= this.range.min && number <= this.range.max) return number;
    errors.add(
      'outOfRange',
      `${showValue(value)} is not between ${this.range.min} and ${this.range.max}.`,
      this.field,
      this.source.column,
    );
    return null;
  }

  private toNumber(value: unknown): number | 'notANumber' | 'notFinite' {
    if (typeof value === 'string') return this.parser.parse(value);
    if (typeof value === 'number') return this.parser.scale(value);
    return typeof value === 'bigint' ? this.parser.scale(Number(value)) : 'notANumber';
  }
}

const DAY_MS = 86_400_000;

export class TimestampReader implements FieldReader {
  constructor(
    readonly field: string,
    private readonly source: ColumnSource,
    private readonly parser: TimestampParser,
    private readonly format: string,
    /** Epoch milliseconds that the value may not pass: for what has happened already. */
    private readonly latest: number = Infinity,
  ) {}

  read(values: readonly unknown[], errors: RowErrorCollector): MappedValue {
    const value = this.source.read(values, errors);
    if (value === null) return null;
    const epochMs = this.toEpoch(value);
    if (Number.isNaN(epochMs)) {
      errors.add(
        'badDate',
        `${showValue(value)} is no date in the format ${this.format}.`,
        this.field,
        this.source.column,
      );
      return null;
    }
    if (epochMs <= this.latest) return epochMs;
    errors.add('futureDate', `${showValue(value)} has not happened yet.`, this.field, this.source.column);
    return null;
  }

  private toEpoch(value: unknown): number {
    if (typeof value === 'string') return this.parser.parse(value);
    if (value instanceof Date) return this.parser.fromDate(value);
    if (typeof value === 'number') return this.parser.fromNumber(value);
    return typeof value === 'bigint' ? this.parser.fromNumber(Number(value)) : NaN;
  }
}

/** Clocks differ and zones get confused by hours, not by days. */
export const latestPast = (nowMs: number): number => nowMs + DAY_MS;

/** A list of ids: an array of a typed file, or one text with a separator. */
export class IdListReader implements FieldReader {
  constructor(
    readonly field: string,
    private readonly source: ColumnSource,
    private readonly separator: string,
  ) {}

  read(values: readonly unknown[], errors: RowErrorCollector): MappedValue {
    const value = this.source.read(values, errors);
    if (value === null) return null;
    // An object is left as the one part that is refused below; making a text of it could fill the stack.
    const parts: readonly unknown[] = Array.isArray(value)
      ? value
      : typeof value === 'object'
        ? [value]
        : String(value).split(this.separator);
    const ids: string[] = [];
    for (const part of parts) {
      if (typeof part !== 'string' && typeof part !== 'number' && typeof part !== 'bigint') {
        errors.add('wrongType', 'Every entry of the list must be an id.', this.field, this.source.column);
        return null;
      }
      const id = String(part).trim();
      if (id === '') continue;
      if (!checkId(id, errors, this.field, this.source.column)) return null;
      ids.push(id);
    }
    return ids;
  }
}
