import { createHash } from 'node:crypto';
import type { ListStore } from '#libs/domain';
import { LIST_HEADER, testList, writeTestLists } from './test-lists.js';

export interface ListStoreUnderTest {
  readonly store: ListStore;
  /** Past the store: the bytes that are kept under this name. */
  read(name: string): Promise<Buffer>;
  overwrite(name: string, bytes: Uint8Array): Promise<void>;
  /** Everything that is there, unfinished files included; without folders. */
  names(): Promise<string[]>;
  close(): Promise<void>;
}

/** What nights, requests and erasures may expect of any list store. */
export function describeListStore(kind: string, open: () => Promise<ListStoreUnderTest>): void {
  describe(`a list store: ${kind}`, () => {
    let under: ListStoreUnderTest;
    let store: ListStore;
    beforeEach(async () => {
      under = await open();
      store = under.store;
    });
    afterEach(() => under.close());

    it('gives back what was written, and the hash of what is kept', async () => {
      const { sha256, bytes } = await writeTestLists(store, '7/a.mdb', ['anna', 'O’Brien']);
      const kept = await under.read('7/a.mdb');
      expect([createHash('sha256').update(kept).digest('hex'), kept.length]).toEqual([sha256, bytes]);
      const reader = await store.open('7/a.mdb');
      expect(reader.header).toEqual(LIST_HEADER);
      expect(reader.customerColumns('anna')).toEqual(testList(4, 100));
      expect(reader.customerList('somebody', 10)).toBeUndefined();
      expect(await reader.isIntact()).toBe(true);
      await reader.close();
    });

    it('shows nothing before it is finished, and nothing of what was abandoned', async () => {
      const writer = await store.create('7/a.mdb', LIST_HEADER);
      writer.putCustomer('anna', testList(1, 3));
      expect(await store.list('7')).toEqual([]);
      await expect(store.open('7/a.mdb')).rejects.toMatchObject({ code: 'listFileMissing' });
      await writer.abandon();
      expect(await under.names()).toEqual([]);
    });

    it('leaves nothing where a writer fails', async () => {
      const writer = await store.create('7/a.mdb', LIST_HEADER);
      for (const score of [1, 2]) writer.putCustomer('twice', testList(score, 3));
      await expect(writer.finish()).rejects.toMatchObject({ code: 'duplicateList' });
      expect(await under.names()).toEqual([]);
    });

    it('refuses what was not sealed, or is not what was', async () => {
      await writeTestLists(store, '7/a.mdb', ['anna']);
      const sound = await under.read('7/a.mdb');
      const altered = Buffer.from(sound);
      altered[sound.length >> 1] ^= 1;
      for (const damaged of [altered, sound.subarray(0, -4096), Buffer.from('not a list file')]) {
        await under.overwrite('7/a.mdb', damaged);
        await expect(store.open('7/a.mdb')).rejects.toMatchObject({ code: 'listFileCorrupt' });
      }
    });

    it('lists a folder of one tenant and removes from it; twice is once', async () => {
      for (const name of ['7/a.mdb', '7/b.mdb', '70/c.mdb']) await writeTestLists(store, name, ['anna']);
      const found = await store.list('7');
      expect(found.map(({ name }) => name).toSorted()).toEqual(['7/a.mdb', '7/b.mdb']);
      expect(Math.abs(Date.now() - found[0].changedAt.getTime())).toBeLessThan(10_000);
      for (let time = 0; time < 2; time++) await store.remove('7/a.mdb');
      expect((await under.names()).toSorted()).toEqual(['7/b.mdb', '70/c.mdb']);
      expect(await store.list('8')).toEqual([]);
    });

    it('says what the file is as it lies there now, damaged or gone', async () => {
      const { sha256 } = await writeTestLists(store, '7/a.mdb', ['anna']);
      expect(await store.checksum('7/a.mdb')).toBe(sha256);
      await under.overwrite('7/a.mdb', (await under.read('7/a.mdb')).subarray(0, 100));
      expect(await store.checksum('7/a.mdb')).not.toBe(sha256);
      await store.remove('7/a.mdb');
      expect(await store.checksum('7/a.mdb')).toBeUndefined();
    });

    it('goes on reading a file that was removed', async () => {
      await writeTestLists(store, '7/a.mdb', ['anna']);
      const reader = await store.open('7/a.mdb');
      await store.remove('7/a.mdb');
      expect(reader.customerList('anna', 3)).toHaveLength(3);
      await reader.close();
    });

    it('copies all but one customer, and nothing where they are not', async () => {
      await writeTestLists(store, '7/a.mdb', ['anna', 'bert']);
      expect(await store.copyWithout('7/a.mdb', '7/b.mdb', 'carla')).toBeUndefined();
      expect((await under.names()).toSorted()).toEqual(['7/a.mdb']);
      const made = await store.copyWithout('7/a.mdb', '7/b.mdb', 'anna');
      expect(made?.sha256).toBe(
        createHash('sha256')
          .update(await under.read('7/b.mdb'))
          .digest('hex'),
      );
      expect((await under.read('7/b.mdb')).includes('anna')).toBe(false);
      const reader = await store.open('7/b.mdb');
      expect([reader.customerColumns('anna'), reader.customerColumns('bert')]).toEqual([
        undefined,
        testList(4, 100),
      ]);
      await reader.close();
    });

    it.each(['../x', '/etc/passwd', 'a/../../x', '', '.tmp-1', 'a//b', 'a/.hidden'])(
      'refuses the name %j',
      async (name) => {
        const invalid = { code: 'invalidListFile' };
        await expect(store.create(name, LIST_HEADER)).rejects.toMatchObject(invalid);
        await expect(store.open(name)).rejects.toMatchObject(invalid);
        await expect(store.remove(name)).rejects.toMatchObject(invalid);
        await expect(store.copyWithout(name, '7/b.mdb', 'anna')).rejects.toMatchObject(invalid);
      },
    );
  });
}
