import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Module, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ConfigModule } from '#libs/config';
import {
  createTestDatabase,
  createTestTenant,
  openTestQueues,
  type TestDatabase,
  type TestQueues,
} from '#libs/testing';
import { AttributionModule } from '../../apps/worker/src/attribution/attribution.module.js';
import { DatabaseModule } from '../../apps/worker/src/database.module.js';

@Module({ imports: [ConfigModule, DatabaseModule, AttributionModule] })
class CountingModule {}

let database: TestDatabase;
let queues: TestQueues;
let folder: string;
let worker: INestApplicationContext | undefined;
const before = { ...process.env };

beforeAll(async () => {
  database = await createTestDatabase(process.env);
  queues = openTestQueues(process.env);
  folder = await mkdtemp(join(tmpdir(), 'nightshift-worker-'));
  Object.assign(process.env, {
    DATABASE_URL: database.app.options.connectionString,
    PLATFORM_DATABASE_URL: database.platform.options.connectionString,
    REDIS_URL: process.env.TEST_REDIS_URL,
    REDIS_PREFIX: queues.prefix,
    STATE_DIR: folder,
    LOG_LEVEL: 'silent',
    ATTRIBUTE_MS: '300',
  });
});
afterAll(async () => {
  await worker?.close();
  await queues.close();
  await database.close();
  process.env = before;
  await rm(folder, { recursive: true, force: true });
});

// The part of the worker that counts, as it starts: planner, queue and processor.
test('a worker counts the days of every tenant, again and again', async () => {
  const tenants = [await createTestTenant(database), await createTestTenant(database)];
  const show = (tenantId: number) =>
    database.tenants.runBulk(tenantId, (client) =>
      client.query(
        `INSERT INTO impression (tenant_id, event_id, customer_id, product_id, shown_at) VALUES ($1, $2, 'anna', 'tea', '2026-11-01T12:00:00Z')`,
        [tenantId, randomUUID()],
      ),
    );
  const shown = async (tenantId: number) =>
    (
      await database.tenants.runBulk(tenantId, (client) => client.query('SELECT shown FROM daily_kpi'))
    ).rows.map((row: { shown: number }) => row.shown);
  for (const { id } of tenants) await show(id);
  worker = await NestFactory.createApplicationContext(CountingModule, { logger: false });
  for (const { id } of tenants) await until(async () => (await shown(id))[0] === 1);
  await show(tenants[1].id);
  await until(async () => (await shown(tenants[1].id))[0] === 2);
  expect(await shown(tenants[0].id)).toEqual([1]);
});

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('Not within twenty seconds.');
    await sleep(100);
  }
}
