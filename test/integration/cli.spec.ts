import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PostgresModelRegistryRepository } from '#libs/persistence';
import { beginPublish, createTestTenant, openTestDatabase } from '#libs/testing';
import { json, nightshift } from './run-nightshift.js';

const SLUG = `cli-${randomBytes(4).toString('hex')}`;
const MAPPING = {
  entity: 'customers',
  format: { type: 'csv' },
  fields: { customerId: { column: 'id' }, country: { column: 'land' } },
};

let folder: string;
let mapping: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'nightshift-cli-'));
  mapping = path.join(folder, 'mapping.json');
  await writeFile(mapping, JSON.stringify(MAPPING));
  process.env.DATABASE_URL = process.env.TEST_DATABASE_URL;
  process.env.PLATFORM_DATABASE_URL = process.env.TEST_PLATFORM_DATABASE_URL;
  process.env.STATE_DIR = folder;
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('nightshift', () => {
  test('creates a tenant once', async () => {
    const created = await json(
      'tenant',
      'create',
      SLUG,
      '--name',
      'A shop',
      '--time-zone',
      'Europe/Berlin',
      '--json',
    );
    expect(created).toMatchObject({ tenant: SLUG, name: 'A shop', timeZone: 'Europe/Berlin', state: 'on' });
    const again = await nightshift('tenant', 'create', SLUG);
    expect(again).toMatchObject({
      code: 1,
      stdout: '',
      stderr: `error: There is a tenant ${SLUG} already.\n`,
    });
    const { tenants } = await json('tenant', 'list', '--json');
    expect(tenants.map((t: { tenant: string }) => t.tenant)).toContain(SLUG);
  });

  test('says in JSON what was wrong, where JSON is asked for', async () => {
    const refused = async (...args: string[]) => {
      const { code, lastLine } = await nightshift(...args, '--json');
      return [code, JSON.parse(lastLine).error];
    };
    expect(await refused('status', '--tenant', 'nobody')).toEqual([
      1,
      { code: 'notFound', message: expect.stringContaining('nobody'), fields: [] },
    ]);
    const invalid = { code: 'invalidArguments', message: expect.any(String), fields: [] };
    expect(await refused('run')).toEqual([2, { ...invalid, message: expect.stringContaining('--tenant') }]);
    expect(await refused('runs', '--limit', 'all')).toEqual([2, invalid]);
    expect(await refused('no-such-command')).toEqual([2, invalid]);
  });

  test.each([
    [['tenant', 'create', 'Not A Slug'], /lower-case/],
    [['tenant', 'set', 'nobody', '--settings', '{}'], /no tenant "nobody"/],
    [['tenant', 'set', SLUG, '--settings', '{"recipe": {"algorithm": "svd"}}'], /recipe.algorithm/],
    [['tenant', 'create', 'slug', '--time-zone', 'Mars/Base'], /time zone/],
    [['status', '--tenant', 'nobody'], /no tenant "nobody"/],
    [['run', '--tenant', 'nobody'], /no tenant "nobody"/],
  ])('%j fails with one clear line', async (args, message) => {
    const { code, stderr } = await nightshift(...args);
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/ at |\.ts/);
  });

  test.each([
    [[]],
    [['nonsense']],
    [['lifecycle', '--tenant', SLUG, '--state', 'freeze', '--reason', 'x']],
    [['lifecycle', '--tenant', SLUG, '--state', 'on']],
    [['rollback', '--tenant', SLUG, '--version', 'x', '--reason', 'x']],
    [['key', 'create', '--tenant', SLUG, '--name', 'x', '--scopes', 'root']],
  ])('%j is a usage error', async (args) => {
    expect((await nightshift(...args)).code).toBe(2);
  });

  test('gives help without a database', async () => {
    expect(await nightshift('--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('demo') });
  });

  test('creates, lists and revokes keys', async () => {
    const key = await json('key', 'create', '--tenant', SLUG, '--name', 'till', '--scopes', 'read', '--json');
    expect(key.token).toMatch(/^ns_live_/);
    const { keys } = await json('key', 'list', '--tenant', SLUG, '--json');
    expect(keys).toEqual([
      { keyId: key.keyId, name: 'till', scopes: ['read'], expiresAt: null, revokedAt: null },
    ]);
    expect(await json('key', 'revoke', key.keyId, '--tenant', SLUG, '--json')).toMatchObject({
      revoked: true,
    });
    expect((await nightshift('key', 'revoke', '0000000000000000', '--tenant', SLUG)).code).toBe(1);
  });

  test('imports a file: the good rows land, the bad ones are named', async () => {
    const file = path.join(folder, 'customers.csv');
    await writeFile(file, 'id,land\nc1,DE\n,FR\n');
    const args = ['import', '--tenant', SLUG, '--mapping', mapping, file];
    const first = await nightshift(...args);
    expect(first).toMatchObject({ code: 0, stderr: expect.stringMatching(/^row 2, customerId: /) });
    const counts = JSON.parse(first.lastLine);
    expect(counts).toMatchObject({ read: 2, accepted: 1, rejected: 1 });
    expect(await json(...args)).toMatchObject({ accepted: 0, alreadyKnown: 1 });
    // A person is told line by line, so the JSON does not say it again; and nobody is told the tenant's number.
    expect(first.stderr.match(/row 2/g)).toHaveLength(1);
    expect(counts).not.toHaveProperty('rejections');
    expect(counts).not.toHaveProperty('rejectedFile');
    const address = `/v1/tenants/${SLUG}/imports/${counts.importId}/rejected`;
    expect(counts.rejectedRows).toBe(address);
    expect(first.stderr).toContain(address);
  });

  test('with --json, rejections are in the JSON and nowhere else', async () => {
    const file = path.join(folder, 'customers-2.csv');
    await writeFile(file, 'id,land\nc1,DE\n,FR\n');
    const { lastLine, stderr } = await nightshift(
      'import',
      '--tenant',
      SLUG,
      '--mapping',
      mapping,
      file,
      '--json',
    );
    expect(stderr).toBe('');
    expect(JSON.parse(lastLine)).toMatchObject({
      rejected: 1,
      rejections: [{ row: 2, field: 'customerId' }],
    });
  });

  test('finds files from where the command was typed', async () => {
    await writeFile(path.join(folder, 'typed-here.csv'), 'id,land\nc1,DE\n');
    const args = ['import', '--tenant', SLUG, '--mapping', './mapping.json', 'typed-here.csv'];
    const before = process.env.INIT_CWD;
    try {
      process.env.INIT_CWD = folder;
      expect(await json(...args)).toMatchObject({ read: 1 });
      process.env.INIT_CWD = tmpdir();
      expect(await nightshift(...args)).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('no file'),
      });
    } finally {
      if (before === undefined) delete process.env.INIT_CWD;
      else process.env.INIT_CWD = before;
    }
  });

  test('exits with 1 when no row was any good, when there is no file and when the mapping is unknown', async () => {
    const file = path.join(folder, 'bad.csv');
    await writeFile(file, 'id,land\n,DE\n');
    expect((await nightshift('import', '--tenant', SLUG, '--mapping', mapping, file)).code).toBe(1);
    expect((await nightshift('import', '--tenant', SLUG, '--mapping', mapping, 'absent.csv')).code).toBe(1);
    expect((await nightshift('import', '--tenant', SLUG, '--mapping', 'absent', file)).code).toBe(1);
  });

  test('switches the state, starts a run and tells how things stand', async () => {
    const freeze = ['lifecycle', '--tenant', SLUG, '--state', 'frozen', '--reason', 'prices', '--json'];
    expect(await json(...freeze)).toMatchObject({ state: 'frozen', changed: true });
    expect(await json(...freeze)).toMatchObject({ state: 'frozen', changed: false });
    const run = await json('run', '--tenant', SLUG, '--seed', '7');
    expect(run).toMatchObject({ tenant: SLUG, status: 'queued', seed: 7, joined: false });
    expect(await json('run', '--tenant', SLUG)).toMatchObject({ id: run.id, joined: true });
    const { tenants } = await json('status', '--tenant', SLUG, '--json');
    expect(tenants).toMatchObject([
      { tenant: SLUG, state: 'frozen', customers: 1, lastRun: { status: 'queued' } },
    ]);
    expect((await nightshift('status', '--tenant', SLUG)).stdout).toContain('frozen');
    expect(await json('verdicts', '--tenant', SLUG, '--json')).toEqual({ tenant: SLUG, verdicts: [] });
    const rollback = await nightshift('rollback', '--tenant', SLUG, '--version', '1', '--reason', 'x');
    expect(rollback).toMatchObject({ code: 1, stderr: 'error: Nothing has been published yet.\n' });
  });

  test('shows the models, and who chose another one and why', async () => {
    const database = await openTestDatabase(process.env);
    try {
      const tenant = await createTestTenant(database);
      const registry = new PostgresModelRegistryRepository(database.tenants);
      for (let count = 0; count < 2; count++) {
        const { lease, request } = await beginPublish(database, tenant);
        await registry.publish(lease, request);
      }
      const args = ['rollback', '--tenant', tenant.slug, '--version', '1', '--reason', 'sold out'];
      expect((await nightshift(...args)).code).toBe(0);
      expect(await json('models', '--tenant', tenant.slug, '--json')).toMatchObject({
        models: [
          { version: 2, algorithm: 'hybrid', status: 'retired' },
          { version: 1, status: 'champion' },
        ],
        changes: [{ fromVersion: 2, toVersion: 1, reason: 'sold out' }],
      });
      expect((await nightshift('models', '--tenant', tenant.slug)).stdout).toMatch(/│ 1 .*: sold out +│/);
    } finally {
      await database.close();
    }
  });
});
