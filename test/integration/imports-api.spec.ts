import 'reflect-metadata';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import pg from 'pg';
import { ImportService, MappingCatalogue, type Tenant } from '#libs/domain';
import { configureHttp, createHttpAdapter } from '#libs/http';
import {
  createPostgresPool,
  FileMappingCatalogue,
  FileRejectedRowStore,
  PostgresImportStore,
  TenantDatabase,
  TenantFileReader,
} from '#libs/persistence';
import { ImportSlots } from '../../apps/api/src/imports/import-slots.js';
import { ImportsController } from '../../apps/api/src/imports/imports.controller.js';
import { registerImportBodies } from '../../apps/api/src/imports/register-import-bodies.js';

const UCI_HEADER = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';
const UCI_ROW = '536365,85123A,LANTERN,6,2010-12-01 08:26:00,2.55,17850,United Kingdom';

let app: NestFastifyApplication;
let database: TenantDatabase;
let platform: pg.Pool;
let stateDir: string;
let tenant: Tenant;
let address: string;

beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'nightshift-imports-api-'));
  database = new TenantDatabase(
    createPostgresPool({
      connectionString: process.env['TEST_DATABASE_URL'] ?? '',
      max: 4,
      applicationName: 'imports-api-spec',
    }),
  );
  platform = new pg.Pool({ connectionString: process.env['TEST_PLATFORM_DATABASE_URL'], max: 1 });
  const slug = `imports-api-${process.pid}-${Date.now()}`;
  const created = await platform.query<{ id: number }>(
    `INSERT INTO tenant (slug, name, time_zone) VALUES ($1, $1, 'UTC') RETURNING id`,
    [slug],
  );
  tenant = { id: created.rows[0]?.id, slug } as Tenant;

  @Module({
    controllers: [ImportsController],
    providers: [
      {
        provide: ImportService,
        useValue: new ImportService(
          new TenantFileReader(join(stateDir, 'spool')),
          new PostgresImportStore(database),
          new FileRejectedRowStore(stateDir),
        ),
      },
      ImportSlots,
      { provide: MappingCatalogue, useValue: new FileMappingCatalogue() },
    ],
  })
  class SpecModule {}

  app = await NestFactory.create<NestFastifyApplication>(SpecModule, createHttpAdapter(), { logger: false });
  configureHttp(app);
  const fastify = app.getHttpAdapter().getInstance();
  registerImportBodies(fastify);
  // The keys have specs of their own: here every request is the tenant's.
  fastify.addHook('preHandler', async (incoming) => {
    Object.assign(incoming, { tenant, user: { keyId: 'k', actor: 'spec (k)' } });
  });
  await app.listen(0, '127.0.0.1');
  address = `${await app.getUrl()}/v1/tenants/${slug}/imports`;
});

afterAll(async () => {
  await app.close();
  await Promise.all([database.close(), platform.end()]);
  await rm(stateDir, { recursive: true, force: true });
});

async function send(
  body: string | Buffer,
  query = '?mapping=uci-online-retail',
  headers: Record<string, string> = {},
) {
  const answer = await fetch(`${address}${query}`, {
    method: 'POST',
    body: body as string,
    headers: { 'content-type': 'text/csv', ...headers },
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

describe('POST /v1/tenants/{tenant}/imports', () => {
  it('takes a file as it is, gzip too, and answers in the words of the schema', async () => {
    const first = await send(`${UCI_HEADER}\n${UCI_ROW}\n${UCI_ROW}\n`);
    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({
      read: 2,
      accepted: 2,
      alreadyKnown: 0,
      rejected: 0,
      rejectedRows: null,
      rejections: [],
    });
    const again = await send(gzipSync(`${UCI_HEADER}\n${UCI_ROW}\n${UCI_ROW}\n`), undefined, {
      'content-type': 'application/gzip',
    });
    expect(again.body).toMatchObject({ accepted: 0, alreadyKnown: 2 });
  });

  it('takes a mapping of the tenant’s own, and offers rejected rows for download', async () => {
    const mapping = {
      entity: 'customers',
      format: { type: 'ndjson' },
      fields: { customerId: { column: 'id' } },
    };
    const header = {
      'x-nightshift-mapping': Buffer.from(JSON.stringify(mapping)).toString('base64url'),
      'content-type': 'application/x-ndjson',
    };
    const { body } = await send('{"id":"a"}\n{"id":""}\n', '?source=crm.ndjson', header);
    expect(body).toMatchObject({
      accepted: 1,
      rejected: 1,
      rejections: [{ row: 2, index: 1, field: 'customerId', code: 'missing' }],
    });
    const report = (await (await fetch(`${address}/${String(body['importId'])}`)).json()) as Record<
      string,
      unknown
    >;
    expect(report).toMatchObject({
      status: 'succeeded',
      source: 'crm.ndjson',
      requestedBy: 'spec (k)',
      rejectedRows: body['rejectedRows'],
    });
    const file = await fetch(new URL(String(body['rejectedRows']), address));
    expect(file.headers.get('content-type')).toBe('application/x-ndjson');
    expect(JSON.parse(await file.text())).toMatchObject({ row: 2, raw: '{"id":""}' });
  });

  it.each<[string, string, string, Record<string, string>, number, string]>([
    ['an empty body', '', '?mapping=uci-online-retail', {}, 400, 'emptyFile'],
    ['no mapping', UCI_ROW, '', {}, 400, 'mappingRequired'],
    ['a mapping that does not ship', UCI_ROW, '?mapping=nobody', {}, 404, 'notFound'],
    ['a mapping that climbs out', UCI_ROW, '?mapping=../package', {}, 400, 'invalidRequest'],
    ['a mapping that is no JSON', UCI_ROW, '', { 'x-nightshift-mapping': 'e2Zvbw' }, 400, 'invalidMapping'],
    [
      'JSON instead of a file',
      '{}',
      '?mapping=uci-online-retail',
      { 'content-type': 'application/json' },
      400,
      'noFile',
    ],
    ['other columns', 'a,b\n1,2\n', '?mapping=uci-online-retail', {}, 400, 'unknownColumn'],
  ])('answers %s with a problem', async (_, file, query, headers, status, code) => {
    const answer = await send(file, query, headers);
    expect([answer.status, answer.status === status ? status : answer.body]).toEqual([status, status]);
    if (code !== 'invalidRequest') expect(answer.body['code']).toBe(code);
  });

  it('answers a refused file over the same connection, however much of it is still to come', async () => {
    const answer = await send(`a,b\n${'1,2\n'.repeat(5_000_000)}`);
    expect(answer).toMatchObject({ status: 400, body: { code: 'unknownColumn' } });
  });

  it('refuses a third file of a tenant while two are arriving, and takes it when one is over', async () => {
    const uploads = [1, 2].map(() => {
      const headers = { 'content-type': 'text/csv', 'transfer-encoding': 'chunked' };
      const upload = request(`${address}?mapping=uci-online-retail`, { method: 'POST', headers });
      upload.on('error', () => undefined);
      upload.write(`${UCI_HEADER}\n`);
      return upload;
    });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await send(`${UCI_HEADER}\n${UCI_ROW}\n`)).toMatchObject({
      status: 429,
      body: { code: 'tooManyImports' },
    });
    for (const upload of uploads) upload.destroy();
    // How soon the server notices depends on what else the machine does.
    let status = 429;
    for (let tries = 0; tries < 50 && status === 429; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      status = (await send(`${UCI_HEADER}\n${UCI_ROW}\n`)).status;
    }
    expect(status).toBe(201);
  });

  it('keeps nothing of an upload that breaks off', async () => {
    const upload = request(`${address}?mapping=uci-online-retail`, {
      method: 'POST',
      headers: { 'content-type': 'text/csv', 'transfer-encoding': 'chunked' },
    });
    upload.on('error', () => undefined);
    upload.write(`${UCI_HEADER}\n${UCI_ROW.replace('536365', '999999')}\n`);
    await new Promise((resolve) => setTimeout(resolve, 200));
    upload.destroy();
    const newest = async () =>
      ((await (await fetch(address)).json()) as { imports: Record<string, unknown>[] }).imports[0];
    // How long the server takes to notice depends on what else the machine does.
    for (let tries = 0; tries < 50 && (await newest())['status'] === 'running'; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(await newest()).toMatchObject({
      status: 'failed',
      error: expect.stringContaining('incompleteFile'),
    });
    expect((await fetch(`${address}/nonsense`)).status).toBe(404);
  });
});
