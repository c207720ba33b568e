import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { readEnvironment } from '#libs/config';
import { ApiKeyService, FleetTenantService, LifecycleService, TenantRepository } from '#libs/domain';
import { greenGrocer, simulateWorld, type WorldProfile } from '#libs/simulator';
import { CliModule } from '../../apps/cli/src/cli.module.js';
import type { CommandContext } from '../../apps/cli/src/command-context.js';
import { createDemoTenant } from '../../apps/cli/src/demo/create-demo-tenant.js';
import { DemoKeys } from '../../apps/cli/src/demo/demo-keys.js';
import { reportDemoTenant } from '../../apps/cli/src/demo/report-demo-tenant.js';

let services: INestApplicationContext;
let context: CommandContext;
let stateDir: string;

beforeAll(async () => {
  stateDir = await mkdtemp(path.join(tmpdir(), 'nightshift-demo-'));
  const environment = readEnvironment({
    DATABASE_URL: process.env.TEST_DATABASE_URL,
    PLATFORM_DATABASE_URL: process.env.TEST_PLATFORM_DATABASE_URL,
    STATE_DIR: stateDir,
  });
  services = await NestFactory.createApplicationContext(CliModule.forEnvironment(environment), {
    logger: false,
  });
  const output = { show: () => undefined, json: () => undefined, note: () => undefined };
  context = { services, output, actor: 'spec', stateDir, workDir: stateDir };
});

afterAll(async () => {
  await services?.close();
  await rm(stateDir, { recursive: true, force: true });
});

/** A shop of its own for every test, a hundredth of the demo's. */
function smallProfile(): WorldProfile {
  const slug = `demo-${randomBytes(4).toString('hex')}`;
  return { ...greenGrocer, tenant: { ...greenGrocer.tenant, slug } };
}

const smallWorld = (profile: WorldProfile) => () =>
  simulateWorld(profile, { seed: 1, untilDate: new Date('2026-11-21T00:00:00Z'), days: 20, scale: 0.02 });

async function create(profile: WorldProfile) {
  return createDemoTenant(context, await DemoKeys.open(stateDir), profile, smallWorld(profile));
}

describe('demo tenants', () => {
  test('are created once, with data, a key and their first run', async () => {
    const profile = smallProfile();
    const first = await create(profile);
    expect(first).toMatchObject({ tenant: profile.tenant.slug, created: true, runId: expect.any(String) });
    for (const count of [first.customers, first.products, first.interactions])
      expect(count).toBeGreaterThan(10);
    const second = await create(profile);
    expect(second).toEqual({ ...first, created: false });
    const tenant = await services.get(TenantRepository).findBySlug(profile.tenant.slug);
    expect(tenant).toMatchObject({ timeZone: 'Europe/Zurich', settings: { repeatPurchases: true } });
    expect(await services.get(ApiKeyService).list(tenant!)).toHaveLength(1);
  });

  test('an attempt that stopped before the data is taken further', async () => {
    const profile = smallProfile();
    const { slug, name, timeZone, currency } = profile.tenant;
    await services.get(FleetTenantService).create({ slug, name, timeZone, currency, settings: {} });
    expect(await create(profile)).toMatchObject({ created: true });
  });

  test('a revoked key is replaced, and the file is its owner’s alone', async () => {
    const profile = smallProfile();
    const first = await create(profile);
    const tenant = await services.get(TenantRepository).findBySlug(first.tenant);
    await services.get(ApiKeyService).revoke(tenant!, first.keys.full.slice(8, 24));
    const second = await create(profile);
    expect(second.keys.full).not.toBe(first.keys.full);
    expect((await services.get(ApiKeyService).authenticate(second.keys.full))?.tenantId).toBe(tenant!.id);
    expect((await stat(path.join(stateDir, 'demo-keys.json'))).mode & 0o777).toBe(0o600);
  });

  test('one that was switched off before its first night is left alone', async () => {
    const profile = smallProfile();
    const { slug, name, timeZone, currency } = profile.tenant;
    const tenant = await services
      .get(FleetTenantService)
      .create({ slug, name, timeZone, currency, settings: {} });
    await services.get(LifecycleService).change(tenant, { state: 'off', reason: 'closed', actor: 'spec' });
    expect(await create(profile)).toMatchObject({ created: true, runId: null });
  });

  test('report what is known, and nothing that is not', async () => {
    const profile = smallProfile();
    const { customers, products, interactions } = await create(profile);
    const report = await reportDemoTenant(context, profile.tenant.slug);
    expect(report).toMatchObject({
      customers,
      products,
      interactions,
      champion: null,
      rmse: null,
      listsPublished: 0,
    });
    expect(report?.sampleCustomer).toEqual(expect.any(String));
    expect(await reportDemoTenant(context, 'nobody')).toBeUndefined();
  });
});
