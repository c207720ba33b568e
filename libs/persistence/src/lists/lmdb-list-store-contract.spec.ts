import { chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { describeListStore, TestLists } from '#libs/testing';

describeListStore('files', async () => {
  const lists = await TestLists.open();
  const root = join(lists.directory, 'lists');
  return {
    store: lists.store,
    read: (name) => readFile(join(root, name)),
    overwrite: async (name, bytes) => {
      await chmod(join(root, name), 0o640);
      await writeFile(join(root, name), bytes);
    },
    names: async () =>
      (await readdir(lists.directory, { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile())
        .map((entry) => relative(root, join(entry.parentPath, entry.name))),
    close: () => lists.close(),
  };
});
