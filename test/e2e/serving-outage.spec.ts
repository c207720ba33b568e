import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKeyToken } from '#libs/domain';
import { eventually, ServingUnderTest } from './serving-under-test.js';

let serving: ServingUnderTest;

beforeAll(async () => {
  serving = await ServingUnderTest.start();
});

afterAll(() => serving?.stop());

describe('without Postgres and Redis', () => {
  /** Takes every connection and hangs up: what a Postgres does that is shutting down. */
  const hangsUp = createServer((socket) =>
    socket.on('error', () => undefined).on('data', () => socket.end()),
  );
  let away: string;

  beforeAll(async () => {
    await new Promise<void>((resolve) => hangsUp.listen(0, '127.0.0.1', resolve));
    away = `postgresql://nobody@127.0.0.1:${(hangsUp.address() as AddressInfo).port}/none`;
  });

  afterAll(() => hangsUp.close());

  test('a node that starts again serves from its own disk, and keeps feedback there', async () => {
    const file = join(serving.stateDirectory, 'serving', 'pointers.json');
    // The table is on the disk a moment after it is in memory.
    await eventually(async () => {
      const { tenants } = JSON.parse(await readFile(file, 'utf8'));
      const shop = tenants.find(({ slug }: { slug: string }) => slug === serving.shop);
      return shop.state === 'on' && shop.pointer.modelVersion === 1;
    });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const text = await readFile(file, 'utf8');
    for (const token of Object.values(serving.keys)) expect(text).not.toContain(token.slice(26));
    const lonely = await serving.startNode({ SERVING_DATABASE_URL: away });
    try {
      expect((await lonely.inject('/health/ready')).statusCode).toBe(200);
      const { body } = await serving.call('recommendations/anna?count=2', { on: lonely });
      expect(body).toMatchObject({ status: 'ok', modelVersion: 1, items: { length: 2 } });
      expect((await serving.call('recommendations/anna', { on: lonely, key: 'revoked' })).status).toBe(401);
      const unknown = `Bearer ${createKeyToken().token}`;
      expect((await serving.call('recommendations/anna', { on: lonely, key: unknown })).status).toBe(401);
      const events = [{ eventId: 'in-an-outage', kind: 'bought', customerId: 'anna', productId: 'p' }];
      const taken = await serving.call('outcomes', { on: lonely, key: 'reporter', payload: { events } });
      expect(taken).toMatchObject({ status: 200, body: { accepted: 1, rejected: [] } });
    } finally {
      await lonely.close();
    }
    // What it could not deliver is found by the next node of this folder that starts.
    const next = await serving.startNode();
    try {
      await eventually(async () => {
        const { rowCount } = await serving.asTenant('shop', 'SELECT FROM outcome WHERE event_id = $1', [
          'in-an-outage',
        ]);
        return rowCount === 1;
      });
    } finally {
      await next.close();
    }
  });

  test('a node that never had a table is alive, not ready, and blames no key', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'nightshift-empty-'));
    const lost = await serving.startNode({ SERVING_DATABASE_URL: away, STATE_DIR: empty });
    try {
      expect((await lonelyStatus(lost, '/health/live')).status).toBe(200);
      expect((await lonelyStatus(lost, '/health/ready')).status).toBe(503);
      expect((await serving.call('recommendations/anna', { on: lost })).status).toBe(503);
    } finally {
      await lost.close();
      await rm(empty, { recursive: true, force: true });
    }
  });

  async function lonelyStatus(on: NestFastifyApplication, url: string) {
    return { status: (await on.inject(url)).statusCode };
  }
});
