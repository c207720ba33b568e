import type { TenantId } from '#libs/domain';
import type { OfferCounts } from '#libs/serving';
import { TenantShares } from './tenant-shares.js';

const MOST_CUSTOMERS = 200_000;
const DAY_MS = 86_400_000;

/** How often this node has offered what to whom today (UTC), for tenants that cap it. A node that starts begins at zero. */
export class DailyOffers {
  private readonly customers = new TenantShares<Map<string, number>>(MOST_CUSTOMERS);
  private day = 0;

  /** @param productIds of the file that the counts are asked for */
  countsOf(tenantId: TenantId, customerId: string, productIds: readonly string[], now: number): OfferCounts {
    this.turn(now);
    const counts = this.customers.get(tenantId, customerId);
    return { today: (product) => counts?.get(productIds[product]) ?? 0 };
  }

  note(tenantId: TenantId, customerId: string, productIds: readonly string[], now: number): void {
    this.turn(now);
    const counts = this.customers.get(tenantId, customerId) ?? new Map<string, number>();
    for (const productId of productIds) counts.set(productId, (counts.get(productId) ?? 0) + 1);
    this.customers.set(tenantId, customerId, counts);
  }

  private turn(now: number): void {
    const day = Math.floor(now / DAY_MS);
    if (day === this.day) return;
    this.customers.clear();
    this.day = day;
  }
}
