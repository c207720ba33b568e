import { fieldIndex, type MappedRow } from './import-entity.js';
import type { ImportMapping } from './import-mapping.js';
import { showValue, type RowErrorCollector } from './row-error.js';

const TYPE = fieldIndex('interactions', 'type');
const CUSTOMER = fieldIndex('interactions', 'customerId');
const QUANTITY = fieldIndex('interactions', 'quantity');
const PRICE = fieldIndex('interactions', 'unitPrice');
const RATING = fieldIndex('interactions', 'rating');

/** What an import says about its interactions beside how many there were. */
export interface InteractionCounts {
  /** Rows of negative quantity or of type return; refunds are counted apart. */
  returns: number;
  /** Rows of negative price. */
  refunds: number;
  /** Rows of price 0: promotions and samples. */
  zeroPrice: number;
  /** Rows whose customer is unknown. */
  withoutCustomer: number;
}

export const noCounts = (): InteractionCounts => ({
  returns: 0,
  refunds: 0,
  zeroPrice: 0,
  withoutCustomer: 0,
});

/** Rules that concern several fields of an interaction at once. */
export class InteractionRules {
  private readonly negativeQuantityIsReturn: boolean;
  private readonly negativePriceIsRefund: boolean;

  constructor(mapping: ImportMapping) {
    this.negativeQuantityIsReturn = mapping.returnsWhen === 'negativeQuantity';
    this.negativePriceIsRefund = mapping.negativePrice === 'refund';
  }

  /** Settles the type of the row and reports what contradicts it. */
  apply(row: MappedRow, errors: RowErrorCollector): void {
    const quantity = row[QUANTITY] as number | null;
    if (quantity !== null && quantity < 0 && row[TYPE] !== 'return') {
      if (this.negativeQuantityIsReturn) row[TYPE] = 'return';
      else errors.add('negativeQuantity', `${showValue(quantity)} pieces can only be a return.`, 'quantity');
    }
    if (quantity === 0 && (row[TYPE] === 'purchase' || row[TYPE] === 'return')) {
      errors.add('zeroQuantity', `A ${row[TYPE]} of 0 pieces says nothing.`, 'quantity');
    }
    if (row[TYPE] === 'rating' && row[RATING] === null && !errors.any)
      errors.add('missing', 'A rating needs its value.', 'rating');
  }

  /** Counts a row that is taken; a refund leaves training like a return, and is stored as one. */
  count(row: MappedRow, counts: InteractionCounts): void {
    if (row[CUSTOMER] === null) counts.withoutCustomer += 1;
    if (row[PRICE] === 0) counts.zeroPrice += 1;
    if (row[TYPE] === 'return') counts.returns += 1;
    if (((row[PRICE] as number | null) ?? 0) < 0) {
      counts.refunds += 1;
      if (this.negativePriceIsRefund) row[TYPE] = 'return';
    }
  }
}
