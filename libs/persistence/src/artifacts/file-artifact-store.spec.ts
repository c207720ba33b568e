import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileArtifactStore } from './file-artifact-store.js';

let root: string;
let store: FileArtifactStore;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'nightshift-artifacts-'));
  store = new FileArtifactStore(join(root, 'artifacts'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const text = (value: string) => new TextEncoder().encode(value);
const read = async (name: string, sha256?: string) => Buffer.from(await store.read(name, sha256)).toString();
const sha256Of = (value: string) => createHash('sha256').update(value).digest('hex');
const filesBelow = async (folder = root) =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name);

describe('writing and reading', () => {
  it('gives back the chunks as one file, with its hash and size', async () => {
    const written = await store.write('tenants/7/runs/a/train', [text('one '), text(''), text('two')]);
    expect(written).toEqual({ sha256: sha256Of('one two'), bytes: 7 });
    expect(await read('tenants/7/runs/a/train', written.sha256)).toBe('one two');
  });

  it('hands the bytes over in shared memory, so that threads need no copy', async () => {
    await store.write('a', [text('x')]);
    expect((await store.read('a')).buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  it('takes arrays over shared memory and parts of longer arrays', async () => {
    const shared = new Uint8Array(new SharedArrayBuffer(6));
    shared.set(text('abcdef'));
    await store.write('a', [shared.subarray(1, 4)]);
    expect(await read('a')).toBe('bcd');
  });

  it('knows an empty file', async () => {
    expect(await store.write('empty', [])).toEqual({ sha256: sha256Of(''), bytes: 0 });
    expect(await read('empty', sha256Of(''))).toBe('');
  });

  it('gives several megabytes back byte by byte', async () => {
    const large = new Uint8Array(5_000_003).map((_, index) => (index * 31) % 251);
    const { sha256 } = await store.write('large', [large.subarray(0, 3), large.subarray(3)]);
    expect(Buffer.from(await store.read('large', sha256)).equals(large)).toBe(true);
  });

  it('replaces a file of the same name whole', async () => {
    await store.write('a', [text('a long first version')]);
    await store.write('a', [text('short')]);
    expect(await read('a')).toBe('short');
  });

  it('says that a file is absent, not that the disk failed', async () => {
    await expect(store.read('tenants/7/nothing')).rejects.toMatchObject({ code: 'artifactMissing' });
  });

  it('keeps models from other users of the machine', async () => {
    await store.write('a', [text('x')]);
    expect((await stat(join(root, 'artifacts/a'))).mode & 0o077).toBe(0);
  });
});

describe('a writer that fails half way', () => {
  function* failing(): Generator<Uint8Array> {
    yield text('half');
    throw new Error('out of memory');
  }

  it('leaves neither the name nor anything beside it', async () => {
    await expect(store.write('folder/a', failing())).rejects.toThrow('out of memory');
    expect(await filesBelow()).toEqual([]);
  });

  it('leaves the earlier version as it was', async () => {
    await store.write('a', [text('whole')]);
    await expect(store.write('a', failing())).rejects.toThrow('out of memory');
    expect(await read('a', sha256Of('whole'))).toBe('whole');
  });
});

describe('concurrent writers of one name', () => {
  it('leave one whole version, never a mixture, and nothing beside it', async () => {
    const versions = Array.from({ length: 12 }, (_, index) =>
      String.fromCharCode(97 + index).repeat(200_000),
    );
    await Promise.all(
      versions.map((version) =>
        store.write('a', [text(version.slice(0, 100_000)), text(version.slice(100_000))]),
      ),
    );
    expect(versions).toContain(await read('a'));
    expect(await filesBelow()).toEqual(['a']);
  });

  it('never show a reader a part', async () => {
    await store.write('a', [text('0'.repeat(100_000))]);
    const writing = Promise.all(
      Array.from({ length: 8 }, (_, i) => store.write('a', [text(String(i).repeat(100_000))])),
    );
    const seen = await Promise.all(Array.from({ length: 20 }, () => read('a')));
    await writing;
    for (const version of seen) expect(version).toMatch(/^(\d)\1{99999}$/);
  });
});

describe('a file that is not what was written', () => {
  const corrupt = { code: 'artifactCorrupt' };

  it('is refused when a bit has flipped, when it is cut, and when it has grown', async () => {
    const { sha256 } = await store.write('a', [text('precious')]);
    const path = join(root, 'artifacts/a');
    const bytes = await readFile(path);
    bytes[3] ^= 1;
    await writeFile(path, bytes);
    await expect(store.read('a', sha256)).rejects.toMatchObject(corrupt);
    await store.write('a', [text('precious')]);
    await truncate(path, 4);
    await expect(store.read('a', sha256)).rejects.toMatchObject(corrupt);
    await writeFile(path, 'precious and more');
    await expect(store.read('a', sha256)).rejects.toMatchObject(corrupt);
  });
});

describe('removing', () => {
  it('removes one file, or a folder with everything below it, and twice is once', async () => {
    for (const name of ['runs/a/snapshot', 'runs/a/deep/er', 'runs/ab/snapshot', 'models/m'])
      await store.write(name, [text('x')]);
    for (let time = 0; time < 2; time++) {
      await store.removeFolder('runs/a');
      await store.remove('models/m');
    }
    expect(await readdir(join(root, 'artifacts'), { recursive: true })).toEqual(
      expect.arrayContaining(['runs/ab/snapshot']),
    );
    expect(await filesBelow()).toEqual(['snapshot']);
  });
});

describe('a name that leads out of the folder', () => {
  const NAMES = [
    '',
    '.',
    '..',
    '../secret',
    'a/../../secret',
    '/etc/passwd',
    '../artifacts-of-others/x',
    'a/..',
  ];

  it.each(NAMES)('is refused for reading, writing and removing: %j', async (name) => {
    await mkdir(join(root, 'artifacts-of-others'), { recursive: true });
    await writeFile(join(root, 'artifacts-of-others/x'), 'theirs');
    await writeFile(join(root, 'secret'), 'secret');
    const invalid = { code: 'invalidName' };
    await expect(store.read(name)).rejects.toMatchObject(invalid);
    await expect(store.write(name, [text('x')])).rejects.toMatchObject(invalid);
    await expect(store.remove(name)).rejects.toMatchObject(invalid);
    await expect(store.removeFolder(name)).rejects.toMatchObject(invalid);
    expect((await filesBelow()).toSorted()).toEqual(['secret', 'x']);
  });
});
