import { randomUUID } from 'node:crypto';
import type { InteractionRecord, ProductRecord, Tenant } from '#libs/domain';
import { greenGrocer, simulateWorld } from '#libs/simulator';
import type { TestDatabase, TestNights } from '#libs/testing';

const world = simulateWorld(greenGrocer, {
  seed: 3,
  untilDate: new Date('2026-11-01T00:00:00Z'),
  scale: 0.05,
});

/** A small grocer: enough for a model that beats popularity, in seconds. */
export const interactions = [...world.interactions()] as InteractionRecord[];
export const products = [...world.products()] as ProductRecord[];
export const lastDay = new Date('2026-10-31T12:00:00Z');

export const customersOf = (database: TestDatabase, of: Tenant) =>
  database.admin.query<{ customer_id: string }>('SELECT customer_id FROM customer WHERE tenant_id = $1', [
    of.id,
  ]);

export function newPurchase(eventId: string, customerId: string, productId: string): InteractionRecord {
  return {
    eventId: `${eventId}-${randomUUID()}`,
    type: 'purchase',
    customerId,
    productId,
    occurredAt: lastDay,
    quantity: 1,
    unitPrice: 2,
  } as InteractionRecord;
}

/** A customer who is new to the tenant, with three purchases. */
export function newcomersPurchases(customerId = 'the newcomer'): InteractionRecord[] {
  return [97, 98, 99].map((index) =>
    newPurchase(`newcomer-${index}`, customerId, interactions[index].productId),
  );
}

/** Another worker takes the unfinished run over. */
export async function resume(
  database: TestDatabase,
  nights: TestNights,
  of: Tenant,
  stages: string[] = [],
): Promise<string> {
  await database.admin.query(
    `UPDATE run SET lease_until = now() - interval '1 second' WHERE tenant_id = $1 AND active`,
    [of.id],
  );
  const { outcome, stages: gone } = await nights.run(of);
  stages.push(...gone);
  return outcome;
}
