import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StorageFullError } from '#libs/domain';
import { reserveLockFile } from '../lists/reserve-lock-file.js';
import { asStorageError } from './storage-errors.js';

const failed = (code: unknown) => Object.assign(new Error('write'), { code });

describe('asStorageError', () => {
  it.each(['ENOSPC', 'EDQUOT'])('knows a full disk by %s', async (code) => {
    const error = await asStorageError(failed(code), 'list store', tmpdir());
    expect(error).toBeInstanceOf(StorageFullError);
    expect(error).toMatchObject({ code: 'storageFull', message: 'The disk of the list store is full.' });
  });

  it('takes a write of LMDB that was cut short for itself where there is room', async () => {
    const error = failed(5);
    expect(await asStorageError(error, 'list store', tmpdir())).toBe(error);
  });

  it.each([failed('EACCES'), undefined, 'text'])('leaves everything else as it is: %s', async (error) => {
    expect(await asStorageError(error, 'list store', tmpdir())).toBe(error);
  });
});

describe('reserveLockFile', () => {
  it('leaves a lock file without a hole, once, and nothing beside it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'nightshift-lock-'));
    try {
      const path = join(folder, 'lists.mdb');
      await reserveLockFile(path);
      const made = await stat(`${path}-lock`);
      expect(made.blocks * 512).toBeGreaterThanOrEqual(made.size);
      expect(made.nlink).toBe(1);
      await reserveLockFile(path);
      expect((await stat(`${path}-lock`)).ino).toBe(made.ino);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
