import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  FileExportStore,
  PostgresFleetExportRepository,
  PostgresListExportRepository,
} from '#libs/persistence';
import { createPostgresPool } from '#libs/persistence';
import { ExportDispatcher } from '../../apps/worker/src/exports/export-dispatcher.js';
import { ApiUnderTest, expectProblem } from './api-under-test.js';

let api: ApiUnderTest;
let exports: PostgresListExportRepository;

beforeAll(async () => {
  api = await ApiUnderTest.start();
  exports = new PostgresListExportRepository(api.database);
});
afterAll(() => api?.stop());

const FILE = 'recommendationId,customerId\r\nr1,anna\r\n';
const folder = () => join(process.env.TEST_STATE_DIR as string, 'exports', String(api.own.id));

async function request(payload: object = { format: 'csv' }, token = api.ownToken) {
  return api.ask('POST', '/exports', { token, payload });
}

/** What a worker does, without looking at lists. */
async function finish(exportId: string): Promise<void> {
  const claim = await exports.claim(api.own.id, exportId, 1_000);
  if (claim === undefined) throw new Error('The export cannot be claimed.');
  await mkdir(folder(), { recursive: true });
  await writeFile(join(folder(), `${exportId}.rows`), FILE);
  const counts = { customers: 1, recommended: 1, rows: 1 };
  await exports.succeed(claim, { ...counts, modelVersion: 3, bytes: FILE.length, sha256: 'x', keptDays: 7 });
}

test('is asked for, followed, fetched, deleted, and all of it is on record', async () => {
  const asked = await request({ format: 'csv', segments: ['loyal'], controlShare: 0.1 });
  expect(asked.statusCode).toBe(202);
  const { exportId } = asked.json();
  expect(asked.json()).toMatchObject({
    ...{ status: 'queued', progress: 0, file: null },
    options: { format: 'csv', count: 10, segments: ['loyal'], controlShare: 0.1, notAgainWithinDays: 0 },
  });
  const get = (path = '', token = api.ownToken) => api.ask('GET', `/exports/${exportId}${path}`, { token });
  expectProblem(await get('/file'), 409, 'exportNotFinished');
  await finish(exportId);
  expect((await get()).json()).toMatchObject({
    status: 'succeeded',
    file: `/v1/tenants/${api.ownSlug}/exports/${exportId}/file`,
  });
  const file = await get('/file', await api.tokenWith(['data']));
  expect([file.statusCode, file.body]).toEqual([200, FILE]);
  expect(file.headers).toMatchObject({
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="${exportId}.csv"`,
  });
  await sweepAfterDays(exportId);
  expect(await readdir(folder())).toEqual([]);
  expect((await get()).json()).toMatchObject({ status: 'expired', file: null, rows: 1 });
  expectProblem(await get('/file'), 409, 'exportExpired');
  const { events } = (await get('/history')).json();
  expect(events.map(({ kind }: { kind: string }) => kind)).toEqual(['requested', 'downloaded', 'deleted']);
  expect(events[1].actor).toMatch(/^spec \([0-9a-z]+\)$/);
  expect((await api.ask('GET', '/exports', { token: api.ownToken })).json().exports[0].exportId).toBe(
    exportId,
  );
});

/** The worker's sweeper, once the days are over. */
async function sweepAfterDays(exportId: string): Promise<void> {
  const platform = createPostgresPool({
    ...{ connectionString: process.env.TEST_PLATFORM_DATABASE_URL!, max: 1, applicationName: 'exports-spec' },
  });
  const files = new FileExportStore(process.env.TEST_STATE_DIR as string);
  const jobs = { ensure: () => Promise.reject(new Error('No job is due.')) } as never;
  const dispatcher = new ExportDispatcher(new PostgresFleetExportRepository(platform), exports, files, jobs);
  await dispatcher.sweep();
  expect(await readdir(folder())).toEqual([`${exportId}.rows`]);
  await api.database.runBulk(api.own.id, (client) =>
    client.query(`UPDATE list_export SET expires_at = now() - interval '1 second' WHERE export_id = $1`, [
      exportId,
    ]),
  );
  await dispatcher.sweep();
  await dispatcher.sweep();
  await platform.end();
}

test.each([
  [{}, 'format'],
  [{ format: 'xlsx' }, 'format'],
  [{ format: 'csv', count: 0 }, 'count'],
  [{ format: 'csv', count: 101 }, 'count'],
  [{ format: 'csv', controlShare: 1.1 }, 'controlShare'],
  [{ format: 'csv', controlShare: '0.1' }, 'controlShare'],
  [{ format: 'csv', segments: [] }, 'segments'],
  [{ format: 'csv', segments: [7] }, 'segments'],
  [{ format: 'csv', segments: ['a\u0000'] }, 'segments'],
  [{ format: 'csv', notAgainWithinDays: 366 }, 'notAgainWithinDays'],
  [{ format: 'csv', minimumRelevance: 1.1 }, 'minimumRelevance'],
  [{ format: 'csv', minimumScore: 'high' }, 'minimumScore'],
  [{ format: 'csv', customers: ['anna'] }, 'customers'],
])('refuses %j by name', async (payload, field) => {
  const problem = expectProblem(await request(payload), 400, 'invalidFields');
  expect(problem.errors[0].field).toBe(field);
});

test('needs a key of the tenant that may see its data, and does not show another’s', async () => {
  const { exportId } = (await request()).json();
  expectProblem(await request({ format: 'csv' }, await api.tokenWith(['read'])), 403);
  for (const path of ['', '/file', '/history'])
    expectProblem(
      await api.ask('GET', `/exports/${exportId}${path}`, { token: api.otherToken, tenant: api.otherSlug }),
      404,
    );
  for (const id of ['nothing', '00000000-0000-4000-8000-000000000000', '..%2F..%2Fetc'])
    expectProblem(await api.ask('GET', `/exports/${id}/file`, { token: api.ownToken }), 404);
});

test('is refused while ten of the tenant are not finished', async () => {
  let answer = await request();
  for (let turn = 0; turn < 10 && answer.statusCode === 202; turn++) answer = await request();
  expectProblem(answer, 429, 'tooManyExports');
});
