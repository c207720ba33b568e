import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { describeArtifactStore } from '#libs/testing';
import { FileArtifactStore } from './file-artifact-store.js';

async function openStore() {
  const folder = await mkdtemp(join(tmpdir(), 'nightshift-artifacts-'));
  const root = join(folder, 'artifacts');
  return {
    folder,
    store: new FileArtifactStore(root),
    overwrite: (name: string, bytes: Uint8Array) => writeFile(join(root, name), bytes),
    names: async () =>
      (await readdir(folder, { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile())
        .map((entry) => relative(root, join(entry.parentPath, entry.name))),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

describeArtifactStore('files', openStore);

it('keeps models from other users of the machine', async () => {
  const { folder, store, close } = await openStore();
  await store.write('a', [Buffer.from('x')]);
  expect((await stat(join(folder, 'artifacts/a'))).mode & 0o077).toBe(0);
  await close();
});

it('reads nothing beside its folder', async () => {
  const { folder, store, close } = await openStore();
  await writeFile(join(folder, 'secret'), 'secret');
  await expect(store.read('../secret')).rejects.toMatchObject({ code: 'invalidName' });
  await expect(store.remove('../secret')).rejects.toMatchObject({ code: 'invalidName' });
  expect(await readdir(folder)).toEqual(['secret']);
  await close();
});
