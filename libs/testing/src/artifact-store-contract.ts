import { createHash } from 'node:crypto';
import type { ArtifactStore } from '#libs/domain';

export interface ArtifactStoreUnderTest {
  readonly store: ArtifactStore;
  /** Past the store: what is kept under this name from now on. */
  overwrite(name: string, bytes: Uint8Array): Promise<void>;
  /** Everything that is there, unfinished files included; without folders. */
  names(): Promise<string[]>;
  close(): Promise<void>;
}

const text = (value: string) => new TextEncoder().encode(value);
const sha256Of = (value: string) => createHash('sha256').update(value).digest('hex');

/** What stages may expect of any artifact store. */
export function describeArtifactStore(kind: string, open: () => Promise<ArtifactStoreUnderTest>): void {
  describe(`an artifact store: ${kind}`, () => {
    let under: ArtifactStoreUnderTest;
    let store: ArtifactStore;
    beforeEach(async () => {
      under = await open();
      store = under.store;
    });
    afterEach(() => under.close());
    const read = async (name: string, sha256?: string) =>
      Buffer.from(await store.read(name, sha256)).toString();

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

    it('gives many megabytes back byte by byte', async () => {
      const large = new Uint8Array(20_000_003).map((_, index) => (index * 31) % 251);
      const { sha256 } = await store.write('large', [large.subarray(0, 3), large.subarray(3)]);
      expect(Buffer.from(await store.read('large', sha256)).equals(large)).toBe(true);
    });

    it('replaces a file of the same name whole', async () => {
      await store.write('a', [text('a long first version')]);
      await store.write('a', [text('short')]);
      expect(await read('a')).toBe('short');
    });

    it('says that a file is absent, not that the storage failed', async () => {
      await expect(store.read('tenants/7/nothing')).rejects.toMatchObject({ code: 'artifactMissing' });
    });

    function* failing(): Generator<Uint8Array> {
      yield text('half');
      throw new Error('out of memory');
    }

    it('leaves neither the name nor anything beside it where a writer fails half way', async () => {
      await expect(store.write('folder/a', failing())).rejects.toThrow('out of memory');
      expect(await under.names()).toEqual([]);
    });

    it('leaves the earlier version as it was where a writer fails half way', async () => {
      await store.write('a', [text('whole')]);
      await expect(store.write('a', failing())).rejects.toThrow('out of memory');
      expect(await read('a', sha256Of('whole'))).toBe('whole');
    });

    it('leaves one whole version of concurrent writers, never a mixture, and nothing beside it', async () => {
      const versions = Array.from({ length: 12 }, (_, i) => String.fromCharCode(97 + i).repeat(200_000));
      await Promise.all(
        versions.map((version) =>
          store.write('a', [text(version.slice(0, 100_000)), text(version.slice(100_000))]),
        ),
      );
      expect(versions).toContain(await read('a'));
      expect(await under.names()).toEqual(['a']);
    });

    it('never shows a reader a part', async () => {
      await store.write('a', [text('0'.repeat(100_000))]);
      const writing = Promise.all(
        Array.from({ length: 8 }, (_, i) => store.write('a', [text(String(i).repeat(100_000))])),
      );
      const seen = await Promise.all(Array.from({ length: 20 }, () => read('a')));
      await writing;
      for (const version of seen) expect(version).toMatch(/^(\d)\1{99999}$/);
    });

    it('refuses what is not what was written: a bit that has flipped, a cut, an addition', async () => {
      const { sha256 } = await store.write('a', [text('precious')]);
      for (const damaged of ['precjous', 'prec', 'precious and more', '']) {
        await under.overwrite('a', text(damaged));
        await expect(store.read('a', sha256)).rejects.toMatchObject({ code: 'artifactCorrupt' });
      }
    });

    it('lists what lies directly in a folder, and how young it is', async () => {
      const before = Date.now() - 5_000;
      for (const name of ['runs/a/snapshot', 'runs/a/train', 'runs/ab/train', 'runs/c', 'models/m'])
        await store.write(name, [text('x')]);
      const found = await store.list('runs');
      expect(found.map(({ name }) => name).toSorted()).toEqual(['runs/a', 'runs/ab', 'runs/c']);
      for (const { changedAt } of found) {
        expect(changedAt.getTime()).toBeGreaterThan(before);
        expect(changedAt.getTime()).toBeLessThan(Date.now() + 5_000);
      }
      expect(await store.list('nothing')).toEqual([]);
    });

    it('removes one file, or a folder with everything below it, and twice is once', async () => {
      for (const name of ['runs/a/snapshot', 'runs/a/deep/er', 'runs/ab/snapshot', 'models/m'])
        await store.write(name, [text('x')]);
      for (let time = 0; time < 2; time++) {
        await store.removeFolder('runs/a');
        await store.remove('models/m');
      }
      expect(await under.names()).toEqual(['runs/ab/snapshot']);
    });

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

    it.each(NAMES)(
      'refuses a name that leads elsewhere, for reading, writing and removing: %j',
      async (name) => {
        const invalid = { code: 'invalidName' };
        await expect(store.read(name)).rejects.toMatchObject(invalid);
        await expect(store.write(name, [text('x')])).rejects.toMatchObject(invalid);
        await expect(store.remove(name)).rejects.toMatchObject(invalid);
        await expect(store.removeFolder(name)).rejects.toMatchObject(invalid);
        expect(await under.names()).toEqual([]);
      },
    );
  });
}
