import path from 'node:path';
import type { EventColumns } from '#libs/algorithms';
import { PIPELINE_TEMPLATE } from '#libs/domain';
import { SnapshotBuilder, type Snapshot } from '#libs/pipeline';
import { simulateWorld, worldProfiles, type WorldProfile } from '#libs/simulator';
import { readOnlineRetail } from '../read-online-retail.ts';

/** A tenant's data on the evening before a night. */
export interface Evening {
  readonly name: string;
  readonly seed: number;
  readonly repeatPurchases: boolean;
  readonly snapshot: Pick<Snapshot, 'events' | 'watermarkSeconds' | 'prices' | 'retired' | 'productIds'>;
}

const UNTIL = new Date('2026-11-01T00:00:00Z');

/** A world of the demo fleet, with the rows that the night would read from its tables. */
export function simulatedEvening(profile: WorldProfile, scale: number, seed: number): Evening {
  const world = simulateWorld(profile, { seed, untilDate: UNTIL, scale });
  const builder = new SnapshotBuilder(PIPELINE_TEMPLATE.seed);
  for (const { productId, category, price, retiredAt, name, brand } of world.products())
    builder.product(
      productId,
      category,
      price,
      retiredAt !== undefined && retiredAt <= UNTIL,
      name,
      brand,
      undefined,
      '{}',
    );
  for (const { customerId, country, segment } of world.customers())
    builder.customer(customerId, country, segment);
  for (const event of world.interactions()) {
    const { type, customerId, productId, occurredAt, quantity, unitPrice, rating, orderId, eventId } = event;
    const at = occurredAt.getTime() / 1000;
    builder.interaction(
      type,
      customerId,
      productId,
      at,
      quantity,
      unitPrice,
      rating ?? NaN,
      orderId,
      eventId,
    );
  }
  const { repeatPurchases } = profile.tenant;
  return { name: `${profile.id} ×${scale}`, seed, repeatPurchases, snapshot: builder.finish() };
}

export const PROFILES = Object.values(worldProfiles);

/** UCI Online Retail. */
export async function onlineRetailEvening(folder: string): Promise<Evening> {
  const { seed } = PIPELINE_TEMPLATE;
  const events: EventColumns = await readOnlineRetail(path.join(folder, 'onlineretail.csv.gz'), seed);
  const watermarkSeconds = events.timeSeconds.reduce((latest, time) => Math.max(latest, time), 0);
  const productIds = Array.from({ length: events.productCount }, (_, p) => String(p));
  const retired = new Uint8Array(events.productCount);
  const prices = new Float64Array(events.productCount).fill(NaN);
  return {
    name: 'online-retail',
    seed,
    repeatPurchases: true,
    snapshot: { events, watermarkSeconds, prices, retired, productIds },
  };
}
