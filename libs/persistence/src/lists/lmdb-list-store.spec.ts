import { createHash } from 'node:crypto';
import {
  chmod,
  mkdtemp,
  open,
  readdir,
  readFile,
  rm,
  stat,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countryFallback, OVERALL_FALLBACK, type ListFileHeader, type PackedList } from '#libs/domain';
import { LmdbListStore } from './lmdb-list-store.js';

const HEADER: ListFileHeader = {
  tenant: 'green-grocer',
  modelVersion: 7,
  algorithm: 'hybrid',
  watermark: '2026-11-20T00:00:00.000Z',
  productIds: Array.from({ length: 3_000 }, (_, index) => `product-${index}`),
};

function list(seed: number, length: number): PackedList {
  return {
    products: Int32Array.from({ length }, (_, i) => (seed * 31 + i * 7) % HEADER.productIds.length),
    scores: Float32Array.from({ length }, (_, i) => 1 - i / 128 + seed / 4096),
    sources: Uint8Array.from({ length }, (_, i) => (seed + i) % 4),
  };
}

let directory: string;
let store: LmdbListStore;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'nightshift-lists-'));
  store = new LmdbListStore(directory);
});

afterEach(() => rm(directory, { recursive: true, force: true }));

async function write(listFile: string, customers: readonly string[], length = 100) {
  const writer = await store.create(listFile, HEADER);
  customers.forEach((customer) => writer.putCustomer(customer, list(customer.length, length)));
  writer.putFallback(OVERALL_FALLBACK, list(1, length));
  writer.putFallback(countryFallback('Österreich'), list(2, length));
  return writer.finish();
}

/** As long as before, with other bytes in the middle. */
async function overwrite(path: string): Promise<void> {
  const file = await open(path, 'r+');
  await file.write(Buffer.alloc(200, 0xff), 0, 200, (await file.stat()).size >> 1);
  await file.close();
}

const ODD_IDS = [
  "O'Brien",
  '"quoted"',
  'line\nbreak',
  'a/b',
  'ümläut',
  '🛒'.repeat(100),
  '',
  '\u0000',
  '%2F',
  '__proto__',
];

describe('LmdbListStore', () => {
  test('gives back what was written, for ids with any characters', async () => {
    await write('a/1.lists', ODD_IDS);
    const reader = await store.open('a/1.lists');
    expect(reader.header).toEqual(HEADER);
    for (const id of ODD_IDS) {
      const expected = list(id.length, 100);
      const found = reader.customerList(id, 10)!;
      expect(found.map((entry) => entry.productId)).toEqual(
        Array.from(expected.products.subarray(0, 10), (index) => HEADER.productIds[index]),
      );
      expect(found.map((entry) => entry.score)).toEqual(Array.from(expected.scores.subarray(0, 10)));
    }
    expect(reader.customerList('somebody', 10)).toBeUndefined();
    expect(reader.customerList('x'.repeat(10_000), 10)).toBeUndefined();
    expect(reader.customerList('overall', 10)).toBeUndefined();
    expect(reader.fallbackList(OVERALL_FALLBACK, 3)).toHaveLength(3);
    expect(reader.fallbackList(countryFallback('Österreich'), 1_000)).toHaveLength(100);
    expect(reader.fallbackList(countryFallback('Norway'), 5)).toBeUndefined();
    await reader.close();
    expect(() => reader.customerList('a/b', 1)).toThrow('closed');
  });

  test('an empty list stays an empty list', async () => {
    await write('a/1.lists', ['nobody'], 0);
    const reader = await store.open('a/1.lists');
    expect(reader.customerList('nobody', 10)).toEqual([]);
    await reader.close();
  });

  test('the same lists make the same bytes, in whatever order they come and whatever happened before', async () => {
    const customers = Array.from({ length: 5_000 }, (_, index) => `customer ${(index * 7919) % 5_000}`);
    const first = await write('a/1.lists', customers, 60);
    await write('a/other.lists', customers.slice(0, 700), 600);
    const second = await write('b/2.lists', [...customers].reverse(), 60);
    expect(second).toEqual(first);
    const bytes = await readFile(join(directory, 'lists/b/2.lists'));
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(first.sha256);
    expect(bytes.length).toBe(first.bytes);
    expect(bytes.equals(await readFile(join(directory, 'lists/a/1.lists')))).toBe(true);
  });

  test('a small tenant has a small file, and nothing else is left in the folder', async () => {
    const customers = Array.from({ length: 20 }, (_, index) => `c${index}`);
    const { bytes } = await write('small/1.lists', customers);
    expect(bytes).toBeLessThan(110_000); // 20 lists of 100, 3,000 product ids, and five pages of LMDB's own
    const reader = await store.open('small/1.lists');
    await reader.close();
    expect(await readdir(join(directory, 'lists/small'))).toEqual(['1.lists']);
  });

  test('more than fits in memory goes through a scratch file', async () => {
    const writer = await store.create('big/1.lists', HEADER);
    const long = list(3, 60_000);
    for (let i = 0; i < 66; i++) writer.putCustomer(`c${i}`, long);
    expect((await readdir(join(directory, 'lists/big'))).some((name) => name.endsWith('.spool'))).toBe(true);
    await writer.finish();
    const reader = await store.open('big/1.lists');
    expect(reader.customerList('c0', 60_000)).toEqual(reader.customerList('c65', 60_000));
    await reader.close();
    expect(await readdir(join(directory, 'lists/big'))).toEqual(['1.lists']);
  }, 30_000);

  test('a customer without a history has the name of a fallback, and no list', async () => {
    const writer = await store.create('a/1.lists', HEADER);
    ODD_IDS.forEach((id) => writer.putCustomerFallback(id, countryFallback('Österreich')));
    writer.putFallback(countryFallback('Österreich'), list(2, 10));
    await writer.finish();
    const reader = await store.open('a/1.lists');
    for (const id of ODD_IDS) {
      expect(reader.customerList(id, 10)).toBeUndefined();
      expect(reader.fallbackOf(id)).toBe('country:Österreich');
    }
    expect(reader.fallbackOf('somebody')).toBeUndefined();
    expect(reader.fallbackOf('x'.repeat(10_000))).toBeUndefined();
    await reader.close();
  });

  test('a finished file may be read by its owner and group, and written by nobody', async () => {
    await write('a/1.lists', ['x']);
    expect((await stat(join(directory, 'lists/a/1.lists'))).mode & 0o777).toBe(0o440);
  });

  test.each([
    ['cut', (path: string) => truncate(path, 4096)],
    ['overwritten', (path: string) => overwrite(path)],
  ])(
    'a file that is %s while it is open is noticed without reading it, and refused then',
    async (_how, harm) => {
      await write('a/1.lists', ['x', 'y']);
      const reader = await store.open('a/1.lists');
      expect(await reader.isIntact()).toBe(true);
      const path = join(directory, 'lists/a/1.lists');
      await chmod(path, 0o640);
      await harm(path);
      expect(await reader.isIntact()).toBe(false);
      await reader.close();
      await expect(store.open('a/1.lists')).rejects.toMatchObject({ code: 'listFileCorrupt' });
    },
  );

  test('nothing is visible before finish, and abandoning leaves nothing', async () => {
    const writer = await store.create('a/1.lists', HEADER);
    writer.putCustomer('x', list(1, 10));
    await expect(store.open('a/1.lists')).rejects.toMatchObject({ code: 'listFileMissing' });
    await writer.abandon();
    expect(await readdir(join(directory, 'lists/a'))).toEqual([]);
    expect(() => writer.putCustomer('y', list(1, 10))).toThrow('abandoned');
  });

  test('what a killed writer left behind is swept by the next', async () => {
    await write('a/1.lists', ['x']);
    const left = join(directory, 'lists/a/.tmp-killed');
    await writeFile(left, 'x');
    await utimes(left, new Date(0), new Date(0));
    await write('a/2.lists', ['x']);
    expect(await readdir(join(directory, 'lists/a'))).toEqual(['1.lists', '2.lists']);
  });
});

describe('LmdbListStore refuses', () => {
  test.each(['../x', '/etc/passwd', 'a/../../x', '', '.tmp-1', 'a//b', 'a\\b', 'a/.hidden', 'a\u0000b'])(
    'the name %j',
    async (name) => {
      await expect(store.create(name, HEADER)).rejects.toMatchObject({ code: 'invalidListFile' });
      await expect(store.open(name)).rejects.toMatchObject({ code: 'invalidListFile' });
      await expect(store.remove(name)).rejects.toMatchObject({ code: 'invalidListFile' });
    },
  );

  test('lists that cannot be right', async () => {
    const writer = await store.create('a/1.lists', HEADER);
    const good = list(1, 3);
    expect(() => writer.putCustomer('x', { ...good, products: Int32Array.of(0, 1, 3_000) })).toThrow(
      'product 3000',
    );
    expect(() => writer.putCustomer('x', { ...good, scores: Float32Array.of(1, NaN, 1) })).toThrow(
      'not a number',
    );
    expect(() => writer.putCustomer('x', { ...good, sources: Uint8Array.of(0, 1) })).toThrow('columns');
    expect(() => writer.putCustomer('x'.repeat(201), good)).toThrow('too long');
    writer.putCustomer('x', good);
    writer.putCustomer('x', good);
    await expect(writer.finish()).rejects.toMatchObject({ code: 'duplicateList' });
    expect(await readdir(join(directory, 'lists/a'))).toEqual([]);
  });

  test('a missing, truncated, altered or foreign file', async () => {
    await write('a/1.lists', ['x', 'y']);
    const path = join(directory, 'lists/a/1.lists');
    const bytes = await readFile(path);
    await chmod(path, 0o640);
    await expect(store.open('a/2.lists')).rejects.toMatchObject({ code: 'listFileMissing' });
    await truncate(path, bytes.length - 4096);
    await expect(store.open('a/1.lists')).rejects.toMatchObject({ code: 'listFileCorrupt' });
    const altered = Buffer.from(bytes);
    altered[bytes.length >> 1] ^= 1;
    await writeFile(path, altered);
    await expect(store.open('a/1.lists')).rejects.toMatchObject({ code: 'listFileCorrupt' });
    await writeFile(path, 'not a list file');
    await expect(store.open('a/1.lists')).rejects.toMatchObject({ code: 'listFileCorrupt' });
    await writeFile(path, bytes);
    const reader = await store.open('a/1.lists');
    expect((await stat(path)).size).toBe(bytes.length);
    await reader.close();
  });

  test('to mix up readers of one file: each is closed for itself', async () => {
    await write('a/1.lists', ['x']);
    const [first, second] = await Promise.all([store.open('a/1.lists'), store.open('a/1.lists')]);
    const closing = first.close();
    const third = await store.open('a/1.lists');
    await closing;
    expect(second.customerList('x', 2)).toHaveLength(2);
    await second.close();
    expect(third.customerList('x', 2)).toHaveLength(2);
    await third.close();
  });

  test('nothing when a file is removed twice; an open reader goes on', async () => {
    await write('a/1.lists', ['x']);
    const reader = await store.open('a/1.lists');
    await store.remove('a/1.lists');
    await store.remove('a/1.lists');
    expect(await reader.isIntact()).toBe(true);
    expect(reader.customerList('x', 5)).toHaveLength(5);
    await reader.close();
  });

  test('to name a fallback that is not in the file', async () => {
    const writer = await store.create('a/1.lists', HEADER);
    writer.putCustomerFallback('x', OVERALL_FALLBACK);
    await expect(writer.finish()).rejects.toMatchObject({ code: 'invalidList' });
    expect(await readdir(join(directory, 'lists/a'))).toEqual([]);
  });
});
