import { chmod, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OVERALL_FALLBACK } from '#libs/domain';
import { LIST_HEADER, TestLists, testList } from '#libs/testing';

let lists: TestLists;

beforeEach(async () => {
  lists = await TestLists.open();
});
afterEach(() => lists.close());

describe('LmdbListStore refuses', () => {
  test.each(['../x', '/etc/passwd', 'a/../../x', '', '.tmp-1', 'a//b', 'a\\b', 'a/.hidden', 'a\u0000b'])(
    'the name %j',
    async (name) => {
      await expect(lists.store.create(name, LIST_HEADER)).rejects.toMatchObject({ code: 'invalidListFile' });
      await expect(lists.store.open(name)).rejects.toMatchObject({ code: 'invalidListFile' });
      await expect(lists.store.remove(name)).rejects.toMatchObject({ code: 'invalidListFile' });
    },
  );

  test('lists that cannot be right', async () => {
    const writer = await lists.store.create('a/1.lists', LIST_HEADER);
    const good = testList(1, 3);
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
    expect(await readdir(join(lists.directory, 'lists/a'))).toEqual([]);
  });

  test('a missing, truncated, altered or foreign file', async () => {
    await lists.write('a/1.lists', ['x', 'y']);
    const path = join(lists.directory, 'lists/a/1.lists');
    const bytes = await readFile(path);
    await chmod(path, 0o640);
    await expect(lists.store.open('a/2.lists')).rejects.toMatchObject({ code: 'listFileMissing' });
    await truncate(path, bytes.length - 4096);
    await expect(lists.store.open('a/1.lists')).rejects.toMatchObject({ code: 'listFileCorrupt' });
    const altered = Buffer.from(bytes);
    altered[bytes.length >> 1] ^= 1;
    await writeFile(path, altered);
    await expect(lists.store.open('a/1.lists')).rejects.toMatchObject({ code: 'listFileCorrupt' });
    await writeFile(path, 'not a list file');
    await expect(lists.store.open('a/1.lists')).rejects.toMatchObject({ code: 'listFileCorrupt' });
    await writeFile(path, bytes);
    const reader = await lists.store.open('a/1.lists');
    expect((await stat(path)).size).toBe(bytes.length);
    await reader.close();
  });

  test('to mix up readers of one file: each is closed for itself', async () => {
    await lists.write('a/1.lists', ['x']);
    const [first, second] = await Promise.all([lists.store.open('a/1.lists'), lists.store.open('a/1.lists')]);
    const closing = first.close();
    const third = await lists.store.open('a/1.lists');
    await closing;
    expect(second.customerList('x', 2)).toHaveLength(2);
    await second.close();
    expect(third.customerList('x', 2)).toHaveLength(2);
    await third.close();
  });

  test('nothing when a file is removed twice; an open reader goes on', async () => {
    await lists.write('a/1.lists', ['x']);
    const reader = await lists.store.open('a/1.lists');
    await lists.store.remove('a/1.lists');
    await lists.store.remove('a/1.lists');
    expect(await reader.isIntact()).toBe(true);
    expect(reader.customerList('x', 5)).toHaveLength(5);
    await reader.close();
  });

  test('to name a fallback that is not in the file', async () => {
    const writer = await lists.store.create('a/1.lists', LIST_HEADER);
    writer.putCustomerFallback('x', OVERALL_FALLBACK);
    await expect(writer.finish()).rejects.toMatchObject({ code: 'invalidList' });
    expect(await readdir(join(lists.directory, 'lists/a'))).toEqual([]);
  });
});
