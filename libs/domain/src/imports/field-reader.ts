import type { MappedValue } from './import-entity.js';
import type { RowErrorCollector } from './row-error.js';

/** Reads one field of the schema from a record; made once per mapping, called once per row. */
export interface FieldReader {
  /** Name of the field, and its path in messages: `name`, or `product.name` in a section. */
  readonly field: string;
  /** The value, or null; what is wrong with it goes to `errors`. */
  read(values: readonly unknown[], errors: RowErrorCollector): MappedValue;
}

export class ConstantReader implements FieldReader {
  constructor(
    readonly field: string,
    private readonly constant: string | number,
  ) {}

  read(): MappedValue {
    return this.constant;
  }
}

/** A field that the mapping does not name. */
export class AbsentReader implements FieldReader {
  constructor(readonly field: string) {}

  read(): MappedValue {
    return null;
  }
}
