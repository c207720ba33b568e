import { greenGrocer, simulateWorld } from '#libs/simulator';
import { callJson, type TestPlatform } from './test-platform.ts';

/** A small grocer as the CSV file that an integrator would send, and the mapping that goes with it. */
const MAPPING = {
  entity: 'interactions',
  format: { type: 'csv' },
  timeZone: 'UTC',
  fields: Object.fromEntries(
    ['eventId', 'type', 'customerId', 'productId', 'occurredAt', 'quantity', 'unitPrice', 'orderId'].map(
      (name) => [name, { column: name }],
    ),
  ),
  returnsWhen: 'negativeQuantity',
};

export function smallWorldCsv(scale: number, seed = 7): string {
  const world = simulateWorld(greenGrocer, { seed, untilDate: new Date('2026-11-01T00:00:00Z'), scale });
  const lines = ['eventId,type,customerId,productId,occurredAt,quantity,unitPrice,orderId'];
  for (const event of world.interactions()) {
    const { eventId, type, customerId, productId, occurredAt, quantity, unitPrice, orderId } = event;
    lines.push(
      [
        eventId,
        type,
        customerId ?? '',
        productId,
        occurredAt.toISOString(),
        quantity,
        unitPrice,
        orderId ?? '',
      ].join(','),
    );
  }
  return `${lines.join('\n')}\n`;
}

type Imported = Pick<TestPlatform, 'cli' | 'platform'>;

/** A tenant with a key of all scopes, and the file brought in. */
export async function createTenant(platform: Imported, slug: string, csv: string): Promise<string> {
  await platform.cli(
    'tenant',
    'create',
    slug,
    '--name',
    slug,
    '--time-zone',
    'Europe/Berlin',
    '--currency',
    'EUR',
  );
  const { token } = await platform.cli<{ token: string }>(
    'key',
    'create',
    '--tenant',
    slug,
    '--name',
    'proof',
    '--scopes',
    'read,feedback,data,admin',
  );
  await importInteractions(platform, slug, token, csv);
  return token;
}

export async function importInteractions(
  platform: Imported,
  slug: string,
  token: string,
  csv: string,
): Promise<void> {
  const mapping = Buffer.from(JSON.stringify(MAPPING)).toString('base64url');
  await callJson(`${platform.platform.record.addresses.api}/v1/tenants/${slug}/imports`, token, {
    method: 'POST',
    headers: { 'content-type': 'text/csv', 'x-nightshift-mapping': mapping },
    body: csv,
  });
}
