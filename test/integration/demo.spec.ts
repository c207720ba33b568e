import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { readEnvironment } from '#libs/config';
import {
  AccountService,
  ApiKeyService,
  FleetTenantService,
  LifecycleService,
  TenantRepository,
} from '#libs/domain';
import { Argon2PasswordHasher } from '#libs/persistence';
import { greenGrocer, simulateWorld, type WorldProfile } from '#libs/simulator';
import { CliModule } from '../../apps/cli/src/cli.module.js';
import type { CommandContext } from '../../apps/cli/src/command-context.js';
import { createDemoTenant } from '../../apps/cli/src/demo/create-demo-tenant.js';
import { createDemoPeople } from '../../apps/cli/src/demo/create-demo-people.js';
import { DemoSecrets } from '../../apps/cli/src/demo/demo-secrets.js';
import { reportDemoTenant } from '../../apps/cli/src/demo/report-demo-tenant.js';

let services: INestApplicationContext;
let context: CommandContext;
let stateDir: string;

beforeAll(async () => {
  stateDir = await mkdtemp(path.join(tmpdir(), 'nightshift-demo-'));
  const environment = readEnvironment({
    DATABASE_URL: process.env.TEST_DATABASE_URL,
    PLATFORM_DATABASE_URL: process.env.TEST_PLATFORM_DATABASE_URL,
    ACCOUNTS_DATABASE_URL: process.env.TEST_ACCOUNTS_DATABASE_URL,
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
  return createDemoTenant(context, await DemoSecrets.keys(stateDir), profile, smallWorld(profile));
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

describe('demo people', () => {
  test('can sign in, one of each role, and a second start knows their passwords', async () => {
    const [one, two] = [await create(smallProfile()), await create(smallProfile())];
    const people = async (tenants: string[]) =>
      createDemoPeople(context, await DemoSecrets.passwords(stateDir), tenants);
    const first = await people([one.tenant]);
    expect(first.map(({ role }) => role)).toEqual(['admin', 'analyst', 'operator']);
    expect(await people([one.tenant, two.tenant])).toEqual(first);
    const accounts = services.get(AccountService);
    const matches = first.map(async ({ email, password }) =>
      new Argon2PasswordHasher().matches((await accounts.find(email)).passwordHash, password ?? ''),
    );
    expect(await Promise.all(matches)).toEqual([true, true, true]);
    const known = new Map((await accounts.list()).map((account) => [account.email, account]));
    expect(known.get(first[2].email)).toMatchObject({ isOperator: true, memberships: [] });
    const tenantsOfAnna = known.get(first[0].email)!.memberships.map(({ tenant, role }) => [tenant, role]);
    expect(tenantsOfAnna.sort()).toEqual([one.tenant, two.tenant].sort().map((tenant) => [tenant, 'admin']));
    expect((await stat(path.join(stateDir, 'demo-passwords.json'))).mode & 0o777).toBe(0o600);
  });
});
