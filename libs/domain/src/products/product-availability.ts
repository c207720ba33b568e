import type { TenantId } from '../tenants/tenant.js';

/** When a product is offered: from `availableFrom` until `retiredAt`, unless it is hidden. Null: since ever, for ever. */
export interface Availability {
  readonly hidden: boolean;
  readonly availableFrom: Date | null;
  readonly retiredAt: Date | null;
}

export interface ProductAvailability extends Availability {
  readonly productId: string;
  readonly name: string | null;
}

/** What a person or program has decided; what files said is not among these. */
export interface AvailabilityChange extends Availability {
  readonly reason: string;
  readonly actor: string;
  readonly changedAt: Date;
}

export type AvailabilityRequest = Availability & Pick<AvailabilityChange, 'reason' | 'actor'>;

export abstract class ProductRepository {
  abstract availability(tenantId: TenantId, productId: string): Promise<ProductAvailability | undefined>;
  /** Newest first. */
  abstract history(tenantId: TenantId, productId: string, limit: number): Promise<AvailabilityChange[]>;
  /** Changes the product and remembers who and why, in one transaction; undefined where there is no such product. */
  abstract setAvailability(
    tenantId: TenantId,
    productId: string,
    request: AvailabilityRequest,
  ): Promise<ProductAvailability | undefined>;
}

/** @param now epoch milliseconds */
export function isOffered({ hidden, availableFrom, retiredAt }: Availability, now: number): boolean {
  if (hidden || (availableFrom !== null && availableFrom.getTime() > now)) return false;
  return retiredAt === null || retiredAt.getTime() > now;
}
