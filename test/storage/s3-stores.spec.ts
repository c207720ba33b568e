import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ObjectStorage,
  parseS3Address,
  PulledListStore,
  S3ArtifactStore,
  S3ListStore,
} from '#libs/persistence';
import { describeArtifactStore, describeListStore, writeTestLists } from '#libs/testing';

/** A bucket of a real server: `npm run check:s3` gives one. */
const URL_UNDER_TEST = process.env.TEST_ARTIFACTS_URL;

function openBucket() {
  const { prefix, ...address } = parseS3Address(URL_UNDER_TEST ?? '');
  const access = {
    accessKeyId: process.env.AWS_ACCESS_KEY_ID,
    secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY,
  };
  const objects = new ObjectStorage({ ...address, prefix: `${prefix}spec-${randomUUID()}` }, access);
  return {
    objects,
    names: async (folder: string) =>
      (await objects.list('')).map(({ key }) => (key.startsWith(folder) ? key.slice(folder.length) : key)),
    close: () => objects.close(),
  };
}

async function bytesOf(objects: ObjectStorage, key: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of (await objects.get(key))?.body ?? []) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const against = URL_UNDER_TEST === undefined ? describe.skip : describe;

against('with a bucket', () => {
  describeArtifactStore('a bucket', () => {
    const { objects, names, close } = openBucket();
    return Promise.resolve({
      store: new S3ArtifactStore(objects),
      overwrite: (name: string, bytes: Uint8Array) => objects.put(`artifacts/${name}`, [bytes]),
      names: () => names('artifacts/'),
      close,
    });
  });

  for (const [kind, Store] of [
    ['a bucket', S3ListStore],
    ['a bucket, with copies', PulledListStore],
  ] as const) {
    describeListStore(kind, async () => {
      const { objects, names, close } = openBucket();
      const folder = await mkdtemp(join(tmpdir(), 'nightshift-s3-'));
      return {
        store: new Store(folder, objects),
        read: (name) => bytesOf(objects, `lists/${name}`),
        overwrite: (name, bytes) => objects.put(`lists/${name}`, [bytes]),
        names: () => names('lists/'),
        close: async () => {
          await close();
          await rm(folder, { recursive: true, force: true });
        },
      };
    });
  }

  it('removes more than a thousand objects, one page after the other', async () => {
    const { objects, close } = openBucket();
    const store = new S3ArtifactStore(objects);
    for (let start = 0; start < 1_050; start += 50)
      await Promise.all(Array.from({ length: 50 }, (_, i) => store.write(`runs/a/${start + i}`, [])));
    expect(await objects.list('artifacts/runs/')).toHaveLength(1_050);
    await store.removeFolder('runs/a');
    expect(await objects.list('')).toEqual([]);
    await close();
  });

  it('says that it is refused, not that anything is absent', async () => {
    const address = parseS3Address(URL_UNDER_TEST ?? '');
    const wrongKey = new ObjectStorage(address, { accessKeyId: 'nobody', secretAccessKey: 'nothing-at-all' });
    await expect(wrongKey.get('a')).rejects.toMatchObject({ code: 'storageRefused', retryable: true });
    await wrongKey.close();
    const access = {
      accessKeyId: process.env.AWS_ACCESS_KEY_ID,
      secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY,
    };
    const noBucket = new ObjectStorage({ ...address, bucket: 'there-is-no-such' }, access);
    const refused = { code: 'storageRefused', message: expect.stringContaining('NoSuchBucket') };
    await expect(noBucket.get('a')).rejects.toMatchObject(refused);
    await expect(noBucket.put('a', [Buffer.from('x')])).rejects.toMatchObject(refused);
    await noBucket.close();
  });

  it('leaves nothing on the disk of who writes or reads now and then', async () => {
    const { objects, close } = openBucket();
    const folder = await mkdtemp(join(tmpdir(), 'nightshift-s3-'));
    const store = new S3ListStore(folder, objects);
    await writeTestLists(store, '7/a.mdb', ['anna']);
    const reader = await store.open('7/a.mdb');
    await store.copyWithout('7/a.mdb', '7/b.mdb', 'anna');
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    expect(entries.filter((entry) => entry.isFile())).toEqual([]);
    expect(reader.customerList('anna', 1)).toHaveLength(1);
    await reader.close();
    await close();
    await rm(folder, { recursive: true });
  });

  it('keeps a copy that answers without the bucket, and heals a damaged one with it', async () => {
    const { objects, close } = openBucket();
    const folder = await mkdtemp(join(tmpdir(), 'nightshift-s3-'));
    await writeTestLists(new S3ListStore(folder, objects), '7/a.mdb', ['anna']);
    const store = new PulledListStore(folder, objects);
    expect(await store.has('7/a.mdb')).toBe(false);
    await Promise.all([store.fetch('7/a.mdb'), store.fetch('7/a.mdb')]);
    expect([await store.has('7/a.mdb'), await store.folders()]).toEqual([true, ['7']]);
    expect((await store.copies('7')).map(({ name }) => name)).toEqual(['7/a.mdb']);
    await store.remove('7/a.mdb');
    const reader = await store.open('7/a.mdb');
    expect(reader.customerList('anna', 1)).toHaveLength(1);
    await reader.close();
    await store.forget('7/a.mdb');
    await expect(store.open('7/a.mdb')).rejects.toMatchObject({ code: 'listFileMissing' });
    await close();
    await rm(folder, { recursive: true });
  });
});
