import type { ImportEntity } from './import-entity.js';

/** How a file's columns become fields of the universal schema: docs/mapping.md explains every option with examples. */
export interface ImportMapping {
  /** For editors alone. */
  readonly $schema?: string;
  readonly name?: string;
  readonly description?: string;
  readonly entity: ImportEntity;
  readonly format: FileFormat;
  /** IANA name that applies to dates without an offset. UTC unless said. */
  readonly timeZone?: string;
  readonly fields: Readonly<Record<string, FieldMapping>>;
  /** Columns kept as they are in the row's attributes (customers and products). */
  readonly attributes?: readonly string[];
  /** Interactions only: what the rows also tell about the product and the customer that they name. */
  readonly product?: StubMapping;
  readonly customer?: StubMapping;
  /** A row of negative quantity is recorded as a return; without this it is rejected. */
  readonly returnsWhen?: 'negativeQuantity';
  /** Whether a row of negative price is an error (unless said) or kept on record as a refund. */
  readonly negativePrice?: 'reject' | 'refund';
  /** What becomes of columns that the mapping does not name: ignored unless said. */
  readonly unknownColumns?: 'ignore' | 'reject';
}

export type FileFormat = CsvFormat | NdjsonFormat | ParquetFormat;

export interface CsvFormat {
  readonly type: 'csv';
  /** One character; a comma unless said. */
  readonly delimiter?: string;
  /** One character; a double quote unless said; null when the file knows no quoting. */
  readonly quote?: string | null;
  readonly encoding?: 'utf-8' | 'latin1';
  /** Whether the first record names the columns; true unless said. */
  readonly header?: boolean;
  /** Names of the columns of a file without a header. */
  readonly columns?: readonly string[];
}

export interface NdjsonFormat {
  readonly type: 'ndjson';
}

export interface ParquetFormat {
  readonly type: 'parquet';
}

export type FieldMapping = ColumnField | ConstantField | DerivedField;

export interface ConstantField {
  readonly constant: string | number;
}

/** A key made of several columns, for files that have none of their own. */
export interface DerivedField {
  readonly columns: readonly string[];
  /** `|` unless said. */
  readonly separator?: string;
  readonly prefix?: string;
  /**
   * eventId only: equal keys within one file are different events; the n-th one is called `<key>#n`. Sending the file again
   * gives the same names.
   */
  readonly occurrence?: boolean;
}

export interface ColumnField extends NumberOptions, DateOptions {
  readonly column: string;
  /** Whether blanks around the value are dropped; true unless said. */
  readonly trim?: boolean;
  /** Values that mean "nothing"; the empty text always does. */
  readonly nullValues?: readonly string[];
  /** Value of the file → value of the schema. */
  readonly values?: Readonly<Record<string, string>>;
  /** What becomes of a value that `values` does not name: kept unless said. */
  readonly otherwise?: 'keep' | 'null' | 'reject';
  /** Taken where the file has nothing. */
  readonly default?: string | number;
  /** Put before an id. */
  readonly prefix?: string;
  /** productIds only: what stands between two ids; a comma unless said. */
  readonly separator?: string;
  /** product and customer sections only: take the value from rows that are purchases at a positive price. */
  readonly when?: 'pricedPurchase';
}

export interface NumberOptions {
  /** Decimal separator; a point unless said. */
  readonly decimal?: '.' | ',';
  /** Separator of thousands; none unless said. */
  readonly thousands?: ',' | '.' | ' ' | "'" | '_';
  /** Multiplied by this: 0.01 turns cents into the currency. */
  readonly factor?: number;
  readonly min?: number;
  readonly max?: number;
}

export interface DateOptions {
  /** `iso` unless said, `epochSeconds`, `epochMilliseconds`, or Luxon tokens such as `dd/MM/yyyy HH:mm`. */
  readonly format?: string;
  /** IANA name, where it differs from the mapping's. */
  readonly timeZone?: string;
}

export interface StubMapping {
  readonly fields?: Readonly<Record<string, ColumnField | ConstantField>>;
  /** Columns kept as they are in the attributes. */
  readonly attributes?: readonly string[];
}

export const isColumnField = (field: FieldMapping): field is ColumnField => 'column' in field;
export const isConstantField = (field: FieldMapping): field is ConstantField => 'constant' in field;
export const isDerivedField = (field: FieldMapping): field is DerivedField => 'columns' in field;
