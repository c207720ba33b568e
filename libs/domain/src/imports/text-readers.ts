import { createHash } from 'node:crypto';
import type { ColumnSource } from './column-source.js';
import type { FieldReader } from './field-reader.js';
import { INTERACTION_TYPES, type ImportedInteractionType, type MappedValue } from './import-entity.js';
import { showValue, type RowErrorCollector } from './row-error.js';

export const LONGEST_ID = 200;
export const LONGEST_TEXT = 10_000;

const CONTROL = /[\u0000-\u001f\u007f-\u009f\ufffd]/;
const UNSTORABLE = /[\u0000\ufffd]/;

/** Says what keeps a text from being an id; true when nothing does. */
export function checkId(id: string, errors: RowErrorCollector, field: string, column?: string): boolean {
  if (id.length > LONGEST_ID) {
    errors.add(
      'tooLong',
      `An id has at most ${LONGEST_ID} characters, this one ${id.length}.`,
      field,
      column,
    );
    return false;
  }
  if (!CONTROL.test(id)) return true;
  if (UNSTORABLE.test(id)) return checkStorable(id, errors, field, column);
  errors.add(
    'controlCharacter',
    `An id has no line breaks or control characters: ${showValue(id)}.`,
    field,
    column,
  );
  return false;
}

/** Says what keeps a text from being stored; true when nothing does. */
export function checkText(text: string, errors: RowErrorCollector, field: string, column?: string): boolean {
  if (text.length > LONGEST_TEXT) {
    errors.add(
      'tooLong',
      `A text has at most ${LONGEST_TEXT} characters, this one ${text.length}.`,
      field,
      column,
    );
    return false;
  }
  return !UNSTORABLE.test(text) || checkStorable(text, errors, field, column);
}

function checkStorable(text: string, errors: RowErrorCollector, field: string, column?: string): boolean {
  if (text.includes('\0')) errors.add('nulByte', 'A text cannot hold a NUL byte.', field, column);
  else
    errors.add(
      'invalidEncoding',
      `These bytes are not in the file's encoding: ${showValue(text)}.`,
      field,
      column,
    );
  return false;
}

/** Ids and texts come as text, or as numbers of a typed file; anything else is the wrong column. */
function asText(value: unknown, errors: RowErrorCollector, source: ColumnSource): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  errors.add('wrongType', `A text is wanted, not ${showValue(typeof value)}.`, source.field, source.column);
  return undefined;
}

export class IdReader implements FieldReader {
  constructor(
    readonly field: string,
    private readonly source: ColumnSource,
    private readonly prefix: string = '',
  ) {}

  read(values: readonly unknown[], errors: RowErrorCollector): MappedValue {
    const value = this.source.read(values, errors);
    if (value === null) return null;
    const text = asText(value, errors, this.source);
    if (text === undefined) return null;
    const id = this.prefix === '' ? text : this.prefix + text;
    return checkId(id, errors, this.field, this.source.column) ? id : null;
  }
}

export class TextReader implements FieldReader {
  constructor(
    readonly field: string,
    private readonly source: ColumnSource,
  ) {}

  read(values: readonly unknown[], errors: RowErrorCollector): MappedValue {
    const value = this.source.read(values, errors);
    if (value === null) return null;
    const text = asText(value, errors, this.source);
    return text !== undefined && checkText(text, errors, this.field, this.source.column) ? text : null;
  }
}

const TYPES: ReadonlySet<string> = new Set(INTERACTION_TYPES);
export const isInteractionType = (value: string): value is ImportedInteractionType => TYPES.has(value);

export class InteractionTypeReader implements FieldReader {
  constructor(
    readonly field: string,
    private readonly source: ColumnSource,
  ) {}

  read(values: readonly unknown[], errors: RowErrorCollector): MappedValue {
    const value = this.source.read(values, errors);
    if (value === null) return null;
    if (typeof value === 'string' && TYPES.has(value)) return value;
    const known = INTERACTION_TYPES.join(', ');
    errors.add(
      'unknownValue',
      `${showValue(value)} is no type of interaction: ${known}.`,
      this.field,
      this.source.column,
    );
    return null;
  }
}

/** A key made of several columns. */
export class DerivedKeyReader implements FieldReader {
  // Beyond this a digest stands for the key, so that it always fits into an id, its prefix and `#n` included.
  private static readonly longestReadable = 120;

  private readonly columns: string;

  constructor(
    readonly field: string,
    private readonly sources: readonly ColumnSource[],
    private readonly separator: string,
    private readonly prefix: string,
  ) {
    this.columns = sources.map((source) => source.column).join('+');
  }

  read(values: readonly unknown[], errors: RowErrorCollector): MappedValue {
    let key = '';
    let parts = 0;
    for (let index = 0; index < this.sources.length; index += 1) {
      const source = this.sources[index] as ColumnSource;
      const value = source.read(values, errors);
      if (index > 0) key += this.separator;
      if (value === null) continue;
      parts += 1;
      key += this.part(value instanceof Date ? value.toISOString() : (asText(value, errors, source) ?? ''));
    }
    // A row of nothing but empty key columns has no key.
    if (parts === 0) return null;
    if (key.length > DerivedKeyReader.longestReadable)
      key = createHash('sha256').update(key).digest('base64url');
    key = this.prefix + key;
    return checkId(key, errors, this.field, this.columns) ? key : null;
  }

  /** Escaped, so that ("a|b", "c") and ("a", "b|c") stay two different keys. */
  private part(text: string): string {
    if (!text.includes(this.separator) && !text.includes('\\')) return text;
    return text.replaceAll('\\', '\\\\').replaceAll(this.separator, `\\${this.separator}`);
  }
}
