import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Module, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ConfigModule } from '#libs/config';
import type { ExportOptions, ListExport } from '#libs/domain';
import { PostgresListExportRepository } from '#libs/persistence';
import {
  createTestDatabase,
  createTestTenant,
  openTestQueues,
  type TestDatabase,
  type TestQueues,
} from '#libs/testing';
import { AttributionModule } from '../../apps/worker/src/attribution/attribution.module.js';
import { DatabaseModule } from '../../apps/worker/src/database.module.js';
import { ExportsModule } from '../../apps/worker/src/exports/exports.module.js';

@Module({ imports: [ConfigModule, DatabaseModule, AttributionModule, ExportsModule] })
class DayModule {}

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
    POLL_MS: '100',
  });
  worker = await NestFactory.createApplicationContext(DayModule, { logger: false });
});
afterAll(async () => {
  await worker?.close();
  await queues.close();
  await database.close();
  process.env = before;
  await rm(folder, { recursive: true, force: true });
});

// The part of the worker that works by day, as it starts: planner, dispatcher, queues and processors.
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
  for (const { id } of tenants) await until(async () => (await shown(id))[0] === 1);
  await show(tenants[1].id);
  await until(async () => (await shown(tenants[1].id))[0] === 2);
  expect(await shown(tenants[0].id)).toEqual([1]);
});

test('a worker starts a run by itself where much has come since the last training, and only there', async () => {
  const tenants = [await createTestTenant(database), await createTestTenant(database)];
  const { admin } = database;
  for (const [index, { id }] of tenants.entries()) {
    const runId = randomUUID();
    await admin.query(
      `INSERT INTO run (tenant_id, run_id, night, kind, status, active, outcome, requested_by, seed, template_version, started_at)
       VALUES ($1, $2, '2026-11-20', 'nightly', 'succeeded', NULL, 'promoted', 'planner', 1, 1, now() - interval '1 hour')`,
      [id, runId],
    );
    await admin.query(
      `INSERT INTO run_stage (tenant_id, run_id, stage, status, attempt, fencing_token, output, started_at)
       SELECT $1, $2, stage, 'succeeded', 1, 1, '{"interactions": 4000}', now() - interval '1 hour'
       FROM unnest(ARRAY['snapshot', 'validate']) AS stage`,
      [id, runId],
    );
    await admin.query(
      `INSERT INTO import (tenant_id, import_id, entity, format, source, mapping, status, requested_by, accepted, finished_at)
       VALUES ($1, gen_random_uuid(), 'interactions', 'csv', 'a file', '{}', 'succeeded', 'test', $2, now())`,
      [id, index === 0 ? 800 : 799],
    );
  }
  const triggered = async () =>
    (await admin.query(`SELECT tenant_id, trigger, figures FROM run WHERE kind = 'triggered'`)).rows;
  await until(async () => (await triggered()).length > 0);
  await sleep(1_000);
  expect(await triggered()).toEqual([
    {
      tenant_id: tenants[0].id,
      trigger: 'volume',
      figures: { newInteractions: 800, knownInteractions: 4_000, share: 0.2, limitShare: 0.2 },
    },
  ]);
});

test('a worker writes exports that are asked for, and gives up on one that cannot be written', async () => {
  const tenant = await createTestTenant(database);
  const exports = new PostgresListExportRepository(database.tenants);
  const options: ExportOptions = {
    ...{ format: 'csv', count: 3, controlShare: 0, controlSeed: 1, notAgainWithinDays: 0 },
  };
  const sql = (text: string) =>
    database.tenants.runBulk(tenant.id, (client) => client.query(text, [tenant.id]));
  await sql(
    `INSERT INTO customer (tenant_id, customer_id) SELECT $1, 'c' || n FROM generate_series(1, 2500) AS n`,
  );
  const written = async () => {
    const request = { exportId: randomUUID(), options, requestedBy: 'spec' };
    await exports.create(tenant.id, request);
    const find = async () => (await exports.find(tenant.id, request.exportId)) as ListExport;
    await until(async () => ['succeeded', 'failed'].includes((await find()).status));
    return find();
  };
  expect(await written()).toMatchObject({
    ...{ status: 'succeeded', customers: 2_500, rows: 2_500, recommended: 0, attempt: 1 },
  });
  await sql(
    `INSERT INTO serving_pointer (tenant_id, model_version, publication_id, list_file) VALUES ($1, 1, gen_random_uuid(), 'gone.lists')`,
  );
  expect(await written()).toMatchObject({ status: 'failed', attempt: 5, errorCode: 'listFileMissing' });
});

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('Not within twenty seconds.');
    await sleep(100);
  }
}
