import { Logger } from '@nestjs/common';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { KeptFiles, ModelRegistryRepository, Tenant } from '#libs/domain';
import { FileArtifactStore, LmdbListStore } from '#libs/persistence';
import { FileCleaner } from './file-cleaner.js';

const DAY_MS = 86_400_000;
const NOW = Date.parse('2026-11-21T12:00:00Z');
const TENANT = { id: 7, slug: 'shop', settings: {} } as Tenant;

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'nightshift-cleaner-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function put(name: string, ageDays: number): Promise<void> {
  const path = join(root, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, 'x');
  const changedAt = new Date(NOW - ageDays * DAY_MS);
  await utimes(path, changedAt, changedAt);
  await utimes(dirname(path), changedAt, changedAt);
}

async function clean(kept: Partial<KeptFiles>): Promise<string[]> {
  const files: KeptFiles = { listFiles: new Set(), artifacts: new Set(), activeRunId: undefined, ...kept };
  const registry = { keptFiles: () => Promise.resolve(files) } as unknown as ModelRegistryRepository;
  const cleaner = new FileCleaner(
    registry,
    new FileArtifactStore(join(root, 'artifacts')),
    new LmdbListStore(root),
  );
  await cleaner.clean(TENANT, NOW);
  const left = await readdir(root, { recursive: true, withFileTypes: true });
  return left
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
    .toSorted();
}

describe('FileCleaner', () => {
  it('removes what nobody has needed for two days, whether or not the registry ever knew it', async () => {
    await put('lists/7/served.mdb', 30);
    await put('lists/7/old.mdb', 3);
    await put('lists/7/yesterday.mdb', 1);
    await put('artifacts/tenants/7/models/champion.model', 30);
    await put('artifacts/tenants/7/models/never-registered.model', 3);
    await put('artifacts/tenants/7/runs/failed-run/snapshot-1', 3);
    await put('artifacts/tenants/7/runs/active-run/prepare-1', 3);
    const left = await clean({
      listFiles: new Set(['7/served.mdb']),
      artifacts: new Set(['tenants/7/models/champion.model']),
      activeRunId: 'active-run',
    });
    expect(left).toEqual(['champion.model', 'prepare-1', 'served.mdb', 'yesterday.mdb']);
  });

  it('leaves other tenants alone, and has nothing to do where nothing is', async () => {
    await put('lists/8/old.mdb', 90);
    expect(await clean({})).toEqual(['old.mdb']);
  });

  it('bounds the disk over sixty nights', async () => {
    for (let night = 60; night > 0; night--) {
      await put(`lists/7/night-${night}.mdb`, night);
      for (const recipe of ['ials', 'hybrid'])
        await put(`artifacts/tenants/7/models/${night}-${recipe}.model`, night);
      await put(`artifacts/tenants/7/runs/run-${night}/snapshot-1`, night);
    }
    const left = await clean({
      listFiles: new Set(['7/night-1.mdb']),
      artifacts: new Set(['tenants/7/models/1-ials.model']),
    });
    // The last two days, with two models, a list and a run folder each.
    expect(left).toHaveLength(2 * 4);
  });

  it('does not fail a night because a file cannot be removed', async () => {
    Logger.overrideLogger(false);
    const registry = {
      keptFiles: () => Promise.reject(new Error('away')),
    } as unknown as ModelRegistryRepository;
    const cleaner = new FileCleaner(registry, new FileArtifactStore(root), new LmdbListStore(root));
    await expect(cleaner.clean(TENANT, NOW)).resolves.toBeUndefined();
  });
});
