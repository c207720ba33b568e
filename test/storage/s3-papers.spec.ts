import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExportRow, RejectedRow } from '#libs/domain';
import {
  openErasureFiles,
  openErasureLedger,
  openExportStore,
  openRejectedRowStore,
  openRetentionFiles,
} from '#libs/persistence';

/** A bucket of a real server: `npm run check:s3` gives one. */
const URL_UNDER_TEST = process.env.TEST_ARTIFACTS_URL;
const against = URL_UNDER_TEST === undefined ? describe.skip : describe;

let folder: string;
/** Another host with each: they share nothing but the bucket. */
let hosts = 0;
const host = () => ({
  STATE_DIR: join(folder, `host-${hosts++}`),
  ARTIFACTS_URL: URL_UNDER_TEST?.replace('?', `/${folder.slice(-6)}?`),
  AWS_ACCESS_KEY_ID: process.env.AWS_ACCESS_KEY_ID,
  AWS_SECRET_ACCESS_KEY: process.env.AWS_SECRET_ACCESS_KEY,
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nightshift-s3-papers-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function textOf(body: AsyncIterable<Uint8Array> | undefined): Promise<string | undefined> {
  if (body === undefined) return undefined;
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

const filesHere = async () =>
  (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());

const row = (customerId: string) => ({ customerId, status: 'ok' }) as unknown as ExportRow;
const rejected = (customer: string, index: number): RejectedRow =>
  ({
    ...{ row: index + 2, index, errors: [], raw: JSON.stringify({ customer }) },
    values: { customer },
  }) as RejectedRow;

async function reject(
  tenantId: number,
  importId: string,
  customers: readonly string[],
): Promise<string | undefined> {
  const writer = openRejectedRowStore(host()).create(tenantId, importId);
  for (const [index, customer] of customers.entries()) writer.write(rejected(customer, index));
  return writer.finish();
}

async function exported(tenantId: number, exportId: string): Promise<{ bytes: number }> {
  const writer = await openExportStore(host()).create(tenantId, exportId, 1, 'ndjson');
  await writer.write([row('anna'), row('bert')]);
  return writer.finish();
}

against('what is neither artifact nor list, in a bucket', () => {
  it('an export is written on one host and fetched and removed on others', async () => {
    const { bytes } = await exported(7, 'e1');
    const text = await textOf(await openExportStore(host()).open(7, 'e1'));
    expect(Buffer.byteLength(text ?? '')).toBe(bytes);
    expect(text).toContain('anna');
    expect(await openExportStore(host()).open(8, 'e1')).toBeUndefined();
    await openExportStore(host()).remove(7, 'e1');
    expect(await openExportStore(host()).open(7, 'e1')).toBeUndefined();
    expect(await filesHere()).toEqual([]);
  });

  it('rejected rows are read on another host; a clean import and a discarded one leave nothing', async () => {
    expect(await reject(7, 'i1', ['anna', 'bert'])).toBe('imports/7/i1.rejected.ndjson');
    expect((await textOf(await openRejectedRowStore(host()).open(7, 'i1')))?.split('\n')).toHaveLength(3);
    expect(await reject(7, 'i2', [])).toBeUndefined();
    const discarded = openRejectedRowStore(host()).create(7, 'i3');
    discarded.write(rejected('anna', 0));
    await discarded.finish();
    await discarded.discard();
    for (const importId of ['i2', 'i3'])
      expect(await openRejectedRowStore(host()).open(7, importId)).toBeUndefined();
    expect(await filesHere()).toEqual([]);
  });

  it('erasing reaches what other hosts have written, and no other tenant', async () => {
    for (const tenantId of [7, 70]) {
      await exported(tenantId, 'e1');
      await reject(tenantId, 'i1', ['anna', 'bert', 'anna']);
    }
    const files = openErasureFiles(host());
    expect(await files.rejectedRows(7, 'anna')).toHaveLength(2);
    expect(await files.removeRejectedRows(7, 'anna')).toBe(2);
    expect(await files.removeRejectedRows(7, 'anna')).toBe(0);
    expect(await textOf(await openRejectedRowStore(host()).open(7, 'i1'))).not.toContain('anna');
    expect(await textOf(await openRejectedRowStore(host()).open(7, 'i1'))).toContain('bert');
    expect([await files.removeExports(7), await files.removeExports(7)]).toEqual([1, 0]);
    expect(await files.removeTenant(7)).toEqual([
      { store: 'files', what: 'exports', count: 0 },
      { store: 'files', what: 'rejectedRowFiles', count: 1 },
    ]);
    expect(await files.rejectedRows(70, 'anna')).toHaveLength(2);
    expect(await openExportStore(host()).open(70, 'e1')).toBeDefined();
  });

  it('the ledger is one, whichever host writes it, and holds each erasure once', async () => {
    const entry = (erasureId: string, erasedAt: string) => ({
      ...{ tenantId: 7, tenantCreatedAt: '2026-01-01T00:00:00Z', erasureId, erasedAt },
    });
    const [first, second] = [entry('b', '2026-11-20T00:00:00Z'), entry('a', '2026-11-21T00:00:00Z')];
    for (const one of [second, first, first]) await openErasureLedger(host()).append(one);
    expect(await openErasureLedger(host()).entries()).toEqual([first, second]);
  });

  it('retention removes what is older than the policy says', async () => {
    await exported(7, 'e1');
    await reject(7, 'i1', ['anna']);
    const files = openRetentionFiles(host());
    const after = (days: number, dryRun: boolean) =>
      files.prune(7, { papers: 30 } as Parameters<typeof files.prune>[1], {
        ...{ now: new Date(Date.now() + days * 86_400_000), dryRun, keptVersions: 7 },
      });
    expect(await after(13, false)).toEqual({ rejectedRowFiles: 0, exportFiles: 0 });
    expect(await after(40, true)).toEqual({ rejectedRowFiles: 1, exportFiles: 1 });
    expect(await after(15, false)).toEqual({ rejectedRowFiles: 0, exportFiles: 1 });
    expect(await after(31, false)).toEqual({ rejectedRowFiles: 1, exportFiles: 0 });
  });
});
