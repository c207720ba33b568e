import type { ColumnField } from './import-mapping.js';
import { showValue, type RowErrorCollector } from './row-error.js';

/** What a typed file may hold besides text. */
export type SourceValue = unknown;

/** Takes one column's value out of a record: blanks, "nothing" values, the table of values and the default are settled here. */
export class ColumnSource {
  private readonly trim: boolean;
  private readonly nulls: ReadonlySet<string> | undefined;
  private readonly table: ReadonlyMap<string, string> | undefined;
  private readonly fallback: string | number | null;

  constructor(
    readonly field: string,
    readonly column: string,
    private readonly index: number,
    private readonly options: ColumnField,
  ) {
    this.trim = options.trim !== false;
    this.nulls = options.nullValues === undefined ? undefined : new Set(options.nullValues);
    this.table = options.values === undefined ? undefined : new Map(Object.entries(options.values));
    this.fallback = options.default ?? null;
  }

  /** The value, or null for nothing. */
  read(values: readonly SourceValue[], errors: RowErrorCollector): SourceValue {
    const value = values[this.index];
    if (typeof value === 'string') return this.readText(value, errors);
    if (value === null || value === undefined) return this.fallback;
    // Tables and "nothing" values are written as text in a mapping, also for files that know numbers.
    if ((this.table !== undefined || this.nulls !== undefined) && typeof value !== 'object') {
      return this.readTyped(value, errors);
    }
    return value;
  }

  private readText(value: string, errors: RowErrorCollector): SourceValue {
    const text = this.trim ? trimmed(value) : value;
    if (text.length === 0 || this.nulls?.has(text) === true) return this.fallback;
    return this.table === undefined ? text : this.lookUp(text, text, errors);
  }

  private readTyped(value: SourceValue, errors: RowErrorCollector): SourceValue {
    const text = String(value);
    if (this.nulls?.has(text) === true) return this.fallback;
    return this.table === undefined ? value : this.lookUp(text, value, errors);
  }

  private lookUp(text: string, value: SourceValue, errors: RowErrorCollector): SourceValue {
    const translated = this.table?.get(text);
    if (translated !== undefined) return translated === '' ? null : translated;
    if (this.options.otherwise === 'null') return this.fallback;
    if (this.options.otherwise === 'reject') {
      errors.add(
        'unknownValue',
        `The mapping has no translation for ${showValue(text)}.`,
        this.field,
        this.column,
      );
      return null;
    }
    return value;
  }
}

/** Most values have no blanks around them; looking first is cheaper than String.trim's copy. */
function trimmed(value: string): string {
  const last = value.length - 1;
  if (last < 0) return value;
  const first = value.charCodeAt(0);
  const end = value.charCodeAt(last);
  if (first > 32 && end > 32 && first < 128 && end < 128) return value;
  return value.trim();
}
