import { AbsentReader, type FieldReader } from './field-reader.js';
import { ENTITY_FIELDS, type MappedRow, type MappedValue } from './import-entity.js';
import { detached } from './parse-timestamp.js';
import type { RowErrorCollector } from './row-error.js';

/** A product or customer as the rows of an interactions file describe it. */
export interface Stub {
  /** Time of the newest row that said something. */
  seenAt: number;
  /** In the order of the entity's fields; the first is the id. */
  readonly values: MappedRow;
  /** When each value was said: the latest row wins, field by field, and silence overwrites nothing. */
  readonly saidAt: number[];
}

interface StubField {
  readonly reader: FieldReader;
  readonly pricedPurchaseOnly: boolean;
  /** Position in the entity's fields. */
  readonly position: number;
}

/** Folds the products or customers named on the rows of a file into one stub each. */
export class StubCollector {
  private readonly stubs = new Map<string, Stub>();
  private readonly fields: readonly StubField[];
  private readonly width: number;
  private readonly pending: MappedRow;

  constructor(
    readonly entity: 'products' | 'customers',
    readers: readonly {
      readonly name: string;
      readonly reader: FieldReader;
      readonly pricedPurchaseOnly: boolean;
    }[],
  ) {
    const names = ENTITY_FIELDS[entity].map((field) => field.name);
    this.width = names.length;
    this.fields = readers
      .filter(({ reader }) => !(reader instanceof AbsentReader))
      .map(({ name, reader, pricedPurchaseOnly }) => ({
        reader,
        pricedPurchaseOnly,
        position: names.indexOf(name),
      }));
    this.pending = this.fields.map(() => null);
  }

  get size(): number {
    return this.stubs.size;
  }

  /** Names of the fields that the mapping can fill. */
  get provided(): readonly string[] {
    return this.fields.map(({ position }) => ENTITY_FIELDS[this.entity][position]?.name ?? '');
  }

  /** Reads what the row says without believing it yet: another field of the row may be wrong. */
  read(values: readonly unknown[], pricedPurchase: boolean, errors: RowErrorCollector): void {
    for (let index = 0; index < this.fields.length; index += 1) {
      const field = this.fields[index] as StubField;
      this.pending[index] =
        field.pricedPurchaseOnly && !pricedPurchase ? null : field.reader.read(values, errors);
    }
  }

  /** Believes what was read last. */
  keep(id: string, occurredAt: number): void {
    const stub = this.stubs.get(id) ?? this.add(id, occurredAt);
    if (occurredAt > stub.seenAt) stub.seenAt = occurredAt;
    for (let index = 0; index < this.fields.length; index += 1) {
      const value = this.pending[index] as MappedValue;
      const { position } = this.fields[index] as StubField;
      if (value === null || occurredAt < (stub.saidAt[position] as number)) continue;
      stub.saidAt[position] = occurredAt;
      if (value !== stub.values[position])
        stub.values[position] = typeof value === 'string' ? detached(value) : value;
    }
  }

  /** Hands over what was collected, and starts anew. */
  *drain(): Generator<Stub> {
    for (const stub of this.stubs.values()) yield stub;
    this.stubs.clear();
  }

  private add(id: string, seenAt: number): Stub {
    // Ids are slices of a chunk of the file: a copy lets the chunk go.
    const key = detached(id);
    const values: MappedRow = new Array<MappedValue>(this.width).fill(null);
    values[0] = key;
    const stub = { seenAt, values, saidAt: new Array<number>(this.width).fill(-Infinity) };
    this.stubs.set(key, stub);
    return stub;
  }
}
