import type { TenantId } from '../tenants/tenant.js';

/** What can happen between a customer and a product, the tenant's own records and the outcomes of recommendations alike. */
export const EVENT_KINDS = [
  'view',
  'search',
  'click',
  'cart',
  'purchase',
  'rating',
  'return',
  'accepted',
  'rejected',
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/**
 * Takes a snapshot row by row, as arguments rather than objects: a tenant may have millions of rows.
 * Products, customers and promotions come before interactions, each in the byte order of its id.
 */
export interface SnapshotSink {
  /** @param attributes the JSON text of an object */
  product(
    productId: string,
    category: string | undefined,
    price: number,
    retired: boolean,
    name: string | undefined,
    brand: string | undefined,
    description: string | undefined,
    attributes: string,
  ): void;
  /** @param traits the JSON text of an object: region, country, segment, tier, ageBand, gender and the tenant's own attributes */
  customer(
    customerId: string,
    country: string | undefined,
    segment: string | undefined,
    traits?: string,
  ): void;
  /** One product of a promotion; an open end is an infinite number, an unknown discount NaN. */
  promotion(productId: string, discountShare: number, fromSeconds: number, untilSeconds: number): void;
  /** Absent numbers are NaN, absent ids undefined; `epochSeconds` is UTC. */
  interaction(
    kind: EventKind,
    customerId: string | undefined,
    productId: string,
    epochSeconds: number,
    quantity: number,
    unitPrice: number,
    rating: number,
    orderId: string | undefined,
    eventId: string,
  ): void;
}

export abstract class SnapshotSource {
  /** One consistent picture of a tenant's data. Interactions come in the byte order of their event id. */
  abstract read(tenantId: TenantId, sink: SnapshotSink): Promise<void>;
}
