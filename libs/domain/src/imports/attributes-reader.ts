import type { ColumnSource } from './column-source.js';
import type { FieldReader } from './field-reader.js';
import type { MappedValue } from './import-entity.js';
import { showValue, type RowErrorCollector } from './row-error.js';
import { checkText } from './text-readers.js';

export type Attributes = Record<string, unknown>;

/** Columns that the schema has no field for, kept under their own names; and one column that holds a JSON object. */
export class AttributesReader implements FieldReader {
  constructor(
    readonly field: string,
    private readonly columns: readonly ColumnSource[],
    private readonly json: ColumnSource | undefined,
  ) {}

  read(values: readonly unknown[], errors: RowErrorCollector): MappedValue {
    let attributes = this.json === undefined ? null : this.readObject(this.json, values, errors);
    for (const column of this.columns) {
      const value = storable(column.read(values, errors));
      if (value === null) continue;
      if (typeof value === 'string' && !checkText(value, errors, this.field, column.column)) continue;
      attributes ??= {};
      // A column may be called __proto__: define it, never assign it.
      Object.defineProperty(attributes, column.column, {
        value,
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
    return attributes;
  }

  private readObject(
    source: ColumnSource,
    values: readonly unknown[],
    errors: RowErrorCollector,
  ): Attributes | null {
    const value = source.read(values, errors);
    if (value === null) return null;
    const parsed = typeof value === 'string' ? parseJson(value) : value;
    if (isPlainObject(parsed) && isStorableJson(parsed)) return { ...parsed };
    errors.add('wrongType', `A JSON object is wanted, not ${showValue(value)}.`, this.field, source.column);
    return null;
  }
}

/** jsonb knows no NUL character. */
export function isStorableJson(value: Readonly<Attributes>): boolean {
  try {
    return !JSON.stringify(value).includes('\\u0000');
  } catch {
    return false; // a bigint or a circle
  }
}

export function isPlainObject(value: unknown): value is Attributes {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Date) &&
    !(value instanceof Uint8Array)
  );
}

function storable(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'number' && !Number.isFinite(value)) return null;
  return value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
