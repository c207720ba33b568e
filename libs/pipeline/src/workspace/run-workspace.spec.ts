import { ArtifactStore, NightshiftError, NotFoundError } from '#libs/domain';
import { RunWorkspace } from './run-workspace.js';

/** The store's contract in memory; the files themselves are tested where they are. */
class Files extends ArtifactStore {
  readonly files = new Map<string, Uint8Array<SharedArrayBuffer>>();
  reads = 0;

  override write(name: string, chunks: Iterable<Uint8Array>): Promise<{ sha256: string; bytes: number }> {
    const whole = Buffer.concat([...chunks]);
    const bytes = new Uint8Array(new SharedArrayBuffer(whole.length));
    bytes.set(whole);
    this.files.set(name, bytes);
    return Promise.resolve({ sha256: `hash of ${whole.length}`, bytes: whole.length });
  }
  override async read(name: string, sha256?: string): Promise<Uint8Array<SharedArrayBuffer>> {
    this.reads++;
    const bytes = this.files.get(name);
    if (bytes === undefined) throw new NotFoundError('artifact', name);
    if (sha256 !== `hash of ${bytes.length}`) throw new NightshiftError('internal', 'artifactCorrupt', name);
    return bytes;
  }
  override list = () => Promise.resolve([]);
  override remove = async (name: string) => void this.files.delete(name);
  override removeFolder = async (folder: string) => {
    for (const name of this.files.keys()) if (name.startsWith(`${folder}/`)) this.files.delete(name);
  };
}

const VALUE = { ids: ['a'], numbers: Float64Array.of(1, NaN) };

describe('RunWorkspace', () => {
  it('hands on from memory within a process, and from disk to the worker that takes over', async () => {
    const store = new Files();
    const first = new RunWorkspace(store, 7, 'run', 1);
    const saved = await first.save('snapshot', VALUE);
    expect(await first.load(saved)).toBe(VALUE);
    expect(store.reads).toBe(0);
    expect(await new RunWorkspace(store, 7, 'run', 1).load(saved)).toEqual(VALUE);
    expect(store.reads).toBe(1);
  });

  it('cannot overwrite what the worker wrote that has taken the run over', async () => {
    const store = new Files();
    const successor = await new RunWorkspace(store, 7, 'run', 2).save('train', VALUE);
    const late = await new RunWorkspace(store, 7, 'run', 1).save('train', { other: true });
    expect(late.file).not.toBe(successor.file);
    expect(await new RunWorkspace(store, 7, 'run', 3).load(successor)).toEqual(VALUE);
  });

  it('reads a file once', async () => {
    const store = new Files();
    const saved = await new RunWorkspace(store, 7, 'run', 1).save('snapshot', VALUE);
    const other = new RunWorkspace(store, 7, 'run', 1);
    expect(await other.load(saved)).toBe(await other.load(saved));
    expect(store.reads).toBe(1);
  });

  it('refuses what is damaged or gone, every time it is asked', async () => {
    const store = new Files();
    const saved = await new RunWorkspace(store, 7, 'run', 1).save('snapshot', VALUE);
    const other = new RunWorkspace(store, 7, 'run', 1);
    for (let time = 0; time < 2; time++) {
      await expect(other.load({ ...saved, sha256: 'another' })).rejects.toMatchObject({
        code: 'artifactCorrupt',
      });
      await expect(other.load({ ...saved, file: 'tenants/7/gone' })).rejects.toMatchObject({
        code: 'notFound',
      });
    }
    expect(await other.load(saved)).toEqual(VALUE);
  });

  it('keeps tenants and runs apart, and clears its own files but not the models', async () => {
    const store = new Files();
    const [one, two] = [new RunWorkspace(store, 7, 'run-1', 1), new RunWorkspace(store, 8, 'run-1', 1)];
    const theirs = await two.save('train', VALUE);
    const model = await one.saveAs(one.modelFile('ials'), VALUE);
    const mine = await one.save('train', VALUE);
    await one.clear();
    expect([...store.files.keys()].toSorted()).toEqual([model.file, theirs.file].toSorted());
    await expect(one.load(mine)).rejects.toMatchObject({ code: 'notFound' });
  });

  it.each([
    'tenants/8/models/x.model',
    'tenants/7/../8/models/x.model',
    'tenants/70/x',
    '../x',
    '/tenants/7/x',
    '',
  ])('reads nothing that is not of its tenant: %s', async (file) => {
    const store = new Files();
    const theirs = await new RunWorkspace(store, 8, 'run', 1).saveAs(file, VALUE);
    await expect(new RunWorkspace(store, 7, 'run', 1).load(theirs)).rejects.toMatchObject({
      code: 'foreignArtifact',
    });
    expect(store.reads).toBe(0);
  });
});
