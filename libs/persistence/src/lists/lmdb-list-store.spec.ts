import { createHash } from 'node:crypto';
import { chmod, open, readdir, readFile, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { countryFallback, OVERALL_FALLBACK } from '#libs/domain';
import { LIST_HEADER, TestLists, testList } from '#libs/testing';

let lists: TestLists;

beforeEach(async () => {
  lists = await TestLists.open();
});
afterEach(() => lists.close());

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
    await lists.write('a/1.lists', ODD_IDS);
    const reader = await lists.store.open('a/1.lists');
    expect(reader.header).toEqual(LIST_HEADER);
    for (const id of ODD_IDS) {
      const expected = testList(id.length, 100);
      const found = reader.customerList(id, 10)!;
      expect(found.map((entry) => entry.productId)).toEqual(
        Array.from(expected.products.subarray(0, 10), (index) => LIST_HEADER.productIds[index]),
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
    await lists.write('a/1.lists', ['nobody'], 0);
    const reader = await lists.store.open('a/1.lists');
    expect(reader.customerList('nobody', 10)).toEqual([]);
    await reader.close();
  });

  test('the same lists make the same bytes, in whatever order they come and whatever happened before', async () => {
    const customers = Array.from({ length: 5_000 }, (_, index) => `customer ${(index * 7919) % 5_000}`);
    const first = await lists.write('a/1.lists', customers, 60);
    await lists.write('a/other.lists', customers.slice(0, 700), 600);
    const second = await lists.write('b/2.lists', [...customers].reverse(), 60);
    expect(second).toEqual(first);
    const bytes = await readFile(join(lists.directory, 'lists/b/2.lists'));
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(first.sha256);
    expect(bytes.length).toBe(first.bytes);
    expect(bytes.equals(await readFile(join(lists.directory, 'lists/a/1.lists')))).toBe(true);
  });

  test('a small tenant has a small file, and nothing else is left in the folder', async () => {
    const customers = Array.from({ length: 20 }, (_, index) => `c${index}`);
    const { bytes } = await lists.write('small/1.lists', customers);
    expect(bytes).toBeLessThan(110_000); // 20 lists of 100, 3,000 product ids, and five pages of LMDB's own
    const reader = await lists.store.open('small/1.lists');
    await reader.close();
    expect(await readdir(join(lists.directory, 'lists/small'))).toEqual(['1.lists']);
  });

  test('more than fits in memory goes through a scratch file', async () => {
    const writer = await lists.store.create('big/1.lists', LIST_HEADER);
    const long = testList(3, 60_000);
    for (let i = 0; i < 66; i++) writer.putCustomer(`c${i}`, long);
    expect((await readdir(join(lists.directory, 'lists/big'))).some((name) => name.endsWith('.spool'))).toBe(
      true,
    );
    await writer.finish();
    const reader = await lists.store.open('big/1.lists');
    expect(reader.customerList('c0', 60_000)).toEqual(reader.customerList('c65', 60_000));
    await reader.close();
    expect(await readdir(join(lists.directory, 'lists/big'))).toEqual(['1.lists']);
  }, 30_000);

  test('a customer without a history has the name of a fallback, and no list', async () => {
    const writer = await lists.store.create('a/1.lists', LIST_HEADER);
    ODD_IDS.forEach((id) => writer.putCustomerFallback(id, countryFallback('Österreich')));
    writer.putFallback(countryFallback('Österreich'), testList(2, 10));
    await writer.finish();
    const reader = await lists.store.open('a/1.lists');
    for (const id of ODD_IDS) {
      expect(reader.customerList(id, 10)).toBeUndefined();
      expect(reader.fallbackOf(id)).toBe('country:Österreich');
    }
    expect(reader.fallbackOf('somebody')).toBeUndefined();
    expect(reader.fallbackOf('x'.repeat(10_000))).toBeUndefined();
    await reader.close();
  });

  test('a finished file may be read by its owner and group, and written by nobody', async () => {
    await lists.write('a/1.lists', ['x']);
    expect((await stat(join(lists.directory, 'lists/a/1.lists'))).mode & 0o777).toBe(0o440);
  });

  test.each([
    ['cut', (path: string) => truncate(path, 4096)],
    ['overwritten', (path: string) => overwrite(path)],
  ])(
    'a file that is %s while it is open is noticed without reading it, and refused then',
    async (_how, harm) => {
      await lists.write('a/1.lists', ['x', 'y']);
      const reader = await lists.store.open('a/1.lists');
      expect(await reader.isIntact()).toBe(true);
      const path = join(lists.directory, 'lists/a/1.lists');
      await chmod(path, 0o640);
      await harm(path);
      expect(await reader.isIntact()).toBe(false);
      await reader.close();
      await expect(lists.store.open('a/1.lists')).rejects.toMatchObject({ code: 'listFileCorrupt' });
    },
  );

  test('nothing is visible before finish, and abandoning leaves nothing', async () => {
    const writer = await lists.store.create('a/1.lists', LIST_HEADER);
    writer.putCustomer('x', testList(1, 10));
    await expect(lists.store.open('a/1.lists')).rejects.toMatchObject({ code: 'listFileMissing' });
    await writer.abandon();
    expect(await readdir(join(lists.directory, 'lists/a'))).toEqual([]);
    expect(() => writer.putCustomer('y', testList(1, 10))).toThrow('abandoned');
  });

  test('what a killed writer left behind is swept by the next', async () => {
    await lists.write('a/1.lists', ['x']);
    const left = join(lists.directory, 'lists/a/.tmp-killed');
    await writeFile(left, 'x');
    await utimes(left, new Date(0), new Date(0));
    await lists.write('a/2.lists', ['x']);
    expect(await readdir(join(lists.directory, 'lists/a'))).toEqual(['1.lists', '2.lists']);
  });
});
