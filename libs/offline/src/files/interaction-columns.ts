import { grown, type IdTable } from './id-table.js';

/** Rows of one file, as indices into the tables that all files of an evaluation share. */
export interface InteractionColumns {
  customers: Int32Array;
  products: Int32Array;
  /** Undefined when the file has none: 1 each. */
  values: Float32Array | undefined;
}

export interface IdTables {
  readonly customers: IdTable;
  readonly products: IdTable;
}

/** Columns that grow; 12 bytes a row, twice that at most. */
export class ColumnsBuilder {
  private count = 0;
  private customers = new Int32Array(1 << 12);
  private products = new Int32Array(1 << 12);
  private values: Float32Array | undefined;

  constructor(hasValues: boolean) {
    this.values = hasValues ? new Float32Array(1 << 12) : undefined;
  }

  add(customer: number, product: number, value: number): void {
    const row = this.count++;
    if (row === this.customers.length) {
      this.customers = grown(this.customers, Int32Array, row);
      this.products = grown(this.products, Int32Array, row);
      this.values = this.values && grown(this.values, Float32Array, row);
    }
    this.customers[row] = customer;
    this.products[row] = product;
    if (this.values !== undefined) this.values[row] = value;
  }

  finish(): InteractionColumns {
    return {
      customers: this.customers.slice(0, this.count),
      products: this.products.slice(0, this.count),
      values: this.values?.slice(0, this.count),
    };
  }
}
