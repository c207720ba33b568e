import {
  sharedFloat32,
  sharedFloat64,
  sharedInt32,
  sharedUint8,
  sharedUint32,
} from '../parallel/shared-arrays.js';

/** What happened between a customer and a product. The numbers are stored in `EventColumns.kind`. */
export const InteractionKind = {
  view: 0,
  search: 1,
  click: 2,
  cart: 3,
  purchase: 4,
  rating: 5,
  return: 6,
  /** The customer took a recommendation (an outcome). */
  accepted: 7,
  /** The customer turned a recommendation down (an outcome): negative feedback. */
  rejected: 8,
} as const;
export type InteractionKind = (typeof InteractionKind)[keyof typeof InteractionKind];

/**
 * A tenant's interactions as columns: row e of every array describes event e; all arrays have length `count`.
 * Row order carries no meaning: nothing computed from these columns depends on it.
 */
export interface EventColumns {
  readonly count: number;
  /** Dense customer index in [0, customerCount), or -1 when the customer is unknown. */
  readonly customer: Int32Array;
  /** Dense product index in [0, productCount), or -1 when the event names no product (a bare search). */
  readonly product: Int32Array;
  /** Epoch seconds. */
  readonly timeSeconds: Float64Array;
  /** Units; NaN when absent, negative for goods taken back. */
  readonly quantity: Float32Array;
  /** Price of one unit in the tenant's currency; NaN when absent. */
  readonly unitPrice: Float32Array;
  /** Explicit rating on the tenant's scale; NaN when absent. */
  readonly rating: Float32Array;
  /** An `InteractionKind`. */
  readonly kind: Uint8Array;
  /** Dense order index in [0, orderCount), or -1 when the event belongs to no order. */
  readonly order: Int32Array;
  /** `hashEvent(seed, customerId, productId, eventId)`: the only thing that decides an event's part. */
  readonly splitHash: Uint32Array;
  customerCount: number;
  productCount: number;
  orderCount: number;
}

/** Zeroed columns for `count` events over shared memory, so that threads read them without a copy. */
export function allocateEvents(count: number): EventColumns {
  return {
    count,
    customer: sharedInt32(count),
    product: sharedInt32(count),
    timeSeconds: sharedFloat64(count),
    quantity: sharedFloat32(count),
    unitPrice: sharedFloat32(count),
    rating: sharedFloat32(count).fill(NaN),
    kind: sharedUint8(count),
    order: sharedInt32(count).fill(-1),
    splitHash: sharedUint32(count),
    customerCount: 0,
    productCount: 0,
    orderCount: 0,
  };
}
