import { Redis } from 'ioredis';
import type { Tenant } from '#libs/domain';
import { PostgresLifecycleRepository, PostgresOutboxRepository } from '#libs/persistence';
import {
  createTestDatabase,
  createTestTenant,
  openTestQueues,
  type TestDatabase,
  type TestQueues,
} from '#libs/testing';
import { OutboxRelay } from '../../apps/worker/src/fleet/outbox-relay.js';

let database: TestDatabase;
let queues: TestQueues;
let outbox: PostgresOutboxRepository;
let tenant: Tenant;

beforeAll(async () => {
  database = await createTestDatabase(process.env);
  queues = openTestQueues(process.env);
  outbox = new PostgresOutboxRepository(database.platform);
});
afterAll(async () => {
  await queues.close();
  await database.close();
});
beforeEach(async () => {
  await database.admin.query('UPDATE outbox SET delivered_at = now() WHERE delivered_at IS NULL');
  tenant = await createTestTenant(database);
});

/** Messages in the order of their topics, as many as a test needs. */
const leave = (count: number) =>
  database.admin.query(
    `INSERT INTO outbox (tenant_id, message_id, topic, payload, created_at)
     SELECT $1, gen_random_uuid(), 'topic ' || i, '{}', now() + make_interval(secs => i) FROM generate_series(1, $2::int) AS i`,
    [tenant.id, count],
  );
const pending = async () =>
  (
    await database.admin.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM outbox WHERE delivered_at IS NULL',
    )
  ).rows[0].count;

describe('PostgresOutboxRepository', () => {
  it('hands out the oldest first, no more than asked for, and each once', async () => {
    await leave(5);
    const seen: string[] = [];
    const relay = () => outbox.relay(2, ({ topic }) => Promise.resolve(void seen.push(topic)));
    expect([await relay(), await relay(), await relay(), await relay()]).toEqual([2, 2, 1, 0]);
    expect(seen).toEqual([1, 2, 3, 4, 5].map((number) => `topic ${number}`));
  });

  it('hands out again what could not be delivered', async () => {
    await leave(3);
    await expect(
      outbox.relay(9, ({ topic }) =>
        topic === 'topic 2' ? Promise.reject(new Error('gone')) : Promise.resolve(),
      ),
    ).rejects.toThrow('gone');
    expect(await pending()).toBe(3);
    const seen: string[] = [];
    await outbox.relay(9, ({ topic }) => Promise.resolve(void seen.push(topic)));
    expect(seen).toEqual(['topic 1', 'topic 2', 'topic 3']);
  });

  it('never hands one message to two relays', async () => {
    await leave(40);
    const seen: string[] = [];
    const relay = () => outbox.relay(15, ({ topic }) => Promise.resolve(void seen.push(topic)));
    while ((await Promise.all([relay(), relay(), relay(), relay()])).some((count) => count > 0));
    expect(seen).toHaveLength(40);
    expect(new Set(seen).size).toBe(40);
  });

  it('knows nothing of a change that was rolled back', async () => {
    const lifecycle = new PostgresLifecycleRepository(database.tenants);
    await expect(
      lifecycle.change(tenant.id, { state: 'frozen', reason: 'x', actor: 'bad\u0000name' }),
    ).rejects.toThrow();
    expect(await pending()).toBe(0);
    await lifecycle.change(tenant.id, { state: 'frozen', reason: 'x', actor: 'kim' });
    expect(await pending()).toBe(1);
  });
});

describe('OutboxRelay', () => {
  it('tells whoever listens which tenant has changed, more than one batch in one go', async () => {
    await leave(501);
    const channel = `${queues.prefix}:pointers`;
    const listener = queues.redis.duplicate();
    const heard: unknown[] = [];
    const all = new Promise<void>((resolve) => {
      listener.on('message', (_channel, message) => {
        heard.push(JSON.parse(message));
        if (heard.length === 501) resolve();
      });
    });
    await listener.subscribe(channel);
    await new OutboxRelay(outbox, queues.redis, channel).tick();
    await all;
    listener.disconnect();
    expect(heard[0]).toEqual({ tenantId: tenant.id, topic: 'topic 1' });
    expect(await pending()).toBe(0);
  });

  it('keeps its messages while Redis is away', async () => {
    await leave(2);
    const away = new Redis({
      host: '127.0.0.1',
      port: 1,
      lazyConnect: true,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      retryStrategy: null as never,
    });
    away.on('error', () => undefined);
    await expect(new OutboxRelay(outbox, away, 'x').tick()).rejects.toThrow();
    away.disconnect();
    expect(await pending()).toBe(2);
  });
});
