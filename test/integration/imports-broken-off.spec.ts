import { UnavailableError } from '#libs/domain';
import { PostgresImportStore } from '#libs/persistence';
import { APPLICATION, csv, ImportsUnderTest, inChunks, rows } from './imports-under-test.js';

let under: ImportsUnderTest;

beforeAll(async () => {
  under = await ImportsUnderTest.open();
});
afterAll(() => under?.close());
beforeEach(async () => {
  under.tenant = await under.newTenant();
});

describe('an import that breaks off', () => {
  const expectNothing = async () => {
    expect([
      await under.stored('interaction'),
      await under.stored('product'),
      await under.stored('customer'),
    ]).toEqual([0, 0, 0]);
    expect(await under.imports.list(under.tenant)).toMatchObject([{ status: 'failed', accepted: 0 }]);
    expect(await under.send(rows(20_000))).toMatchObject({ accepted: 20_000, alreadyKnown: 0 });
  };

  it('leaves nothing when the sender goes away, and counts once when sent again', async () => {
    async function* cut(): AsyncGenerator<Buffer> {
      let sent = 0;
      for await (const chunk of inChunks(rows(20_000), 20_000)) {
        if ((sent += 1) === 20) throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
        yield chunk;
      }
    }
    const broken = under.imports.import({
      tenant: under.tenant,
      mapping: csv,
      source: cut(),
      sourceName: 'spec',
      requestedBy: 'spec',
    });
    await expect(broken).rejects.toMatchObject({ code: 'incompleteFile' });
    await expectNothing();
  });

  it('leaves nothing when the database session is killed in the middle of COPY', async () => {
    async function* killing(): AsyncGenerator<Buffer> {
      let sent = 0;
      for await (const chunk of inChunks(rows(20_000), 20_000)) {
        if ((sent += 1) === 20) {
          await under.admin.query(
            `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1 AND query LIKE 'COPY%'`,
            [APPLICATION],
          );
        }
        yield chunk;
      }
    }
    const broken = under.imports.import({
      tenant: under.tenant,
      mapping: csv,
      source: killing(),
      sourceName: 'spec',
      requestedBy: 'spec',
    });
    await expect(broken).rejects.toBeInstanceOf(UnavailableError);
    await expectNothing();
  });

  it('leaves nothing when it is called off', async () => {
    const abort = new AbortController();
    async function* slow(): AsyncGenerator<Buffer> {
      for await (const chunk of inChunks(rows(20_000), 20_000)) {
        yield chunk;
        abort.abort();
      }
    }
    const request = {
      tenant: under.tenant,
      mapping: csv,
      source: slow(),
      sourceName: 'spec',
      requestedBy: 'spec',
      signal: abort.signal,
    };
    await expect(under.imports.import(request)).rejects.toMatchObject({ name: 'AbortError' });
    await expectNothing();
  });

  it('is found out later when its process died: running, but nobody holds its lock', async () => {
    const store = new PostgresImportStore(under.database);
    const importId = '00000000-0000-4000-8000-000000000001';
    await store.begin(under.tenant.id, {
      importId,
      entity: 'interactions',
      format: 'csv',
      source: 'x',
      mapping: {},
      requestedBy: 'x',
    });
    expect(await store.find(under.tenant.id, importId)).toMatchObject({ status: 'running' });
    await under.database.runBulk(under.tenant.id, (client) =>
      client.query(`UPDATE import SET started_at = now() - interval '1 hour'`),
    );
    expect(await store.find(under.tenant.id, importId)).toMatchObject({
      status: 'failed',
      error: expect.stringContaining('interrupted'),
    });
  });

  it('is found out in the list, too, while one that lives goes on', async () => {
    const store = new PostgresImportStore(under.database);
    const [dead, living] = ['00000000-0000-4000-8000-000000000002', '00000000-0000-4000-8000-000000000003'];
    const started = { format: 'csv', source: 'x', mapping: {}, requestedBy: 'x' };
    for (const importId of [dead, living])
      await store.begin(under.tenant.id, { ...started, importId, entity: 'interactions' });
    await under.database.runBulk(under.tenant.id, (client) =>
      client.query(`UPDATE import SET started_at = now() - interval '1 hour'`),
    );
    await under.database.runBulk(under.tenant.id, async (client) => {
      await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [living]);
      const listed = await store.list(under.tenant.id, 10);
      expect(new Map(listed.map(({ importId, status }) => [importId, status]))).toEqual(
        new Map([
          [dead, 'failed'],
          [living, 'running'],
        ]),
      );
    });
  });
});
