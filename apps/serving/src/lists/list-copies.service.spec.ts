import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import {
  ListCopies,
  NightshiftError,
  StorageAwayError,
  type ServedTenant,
  type StoredFile,
} from '#libs/domain';
import { createMetricsRegistry } from '#libs/telemetry';
import { ServingMetrics } from '../metrics/serving-metrics.js';
import { PointerTable } from '../pointers/pointer-table.js';
import { ListCopiesService } from './list-copies.service.js';

const DAY_MS = 86_400_000;

/** A storage and a disk, by name and moment. */
class KnownCopies extends ListCopies {
  readonly disk = new Map<string, Date>();
  readonly stored = new Set<string>();
  readonly fetched: string[] = [];
  isAway = false;
  override has = (file: string) => Promise.resolve(this.disk.has(file));
  override folders = () =>
    Promise.resolve([...new Set([...this.disk.keys()].map((name) => name.split('/')[0]))]);
  override copies = (folder: string) => Promise.resolve(this.inFolder(this.disk, folder));
  override forget = (file: string) => Promise.resolve(void this.disk.delete(file));
  override list = (folder: string) => {
    this.ask();
    return Promise.resolve(
      this.inFolder(new Map([...this.stored].map((name) => [name, new Date()])), folder),
    );
  };
  override fetch = async (file: string) => {
    await Promise.resolve();
    this.ask();
    if (!this.stored.has(file)) throw new NightshiftError('not-found', 'listFileMissing', file);
    this.fetched.push(file);
    this.disk.set(file, new Date());
  };

  private ask(): void {
    if (this.isAway) throw new StorageAwayError('object storage', new Error('down'));
  }

  private inFolder(files: ReadonlyMap<string, Date>, folder: string): StoredFile[] {
    const inside = [...files].filter(([name]) => name.startsWith(`${folder}/`));
    return inside.map(([name, changedAt]) => ({ name, changedAt }));
  }
}

let copies: KnownCopies;
let table: PointerTable;
let service: ListCopiesService;
let missing: () => Promise<string>;

beforeEach(() => {
  Logger.overrideLogger(false);
  jest.useFakeTimers({ now: Date.parse('2026-11-21T06:00:00Z'), doNotFake: ['setImmediate', 'nextTick'] });
  copies = new KnownCopies();
  table = new PointerTable();
  const registry = createMetricsRegistry('test');
  service = new ListCopiesService(table, copies, new ServingMetrics(registry, table));
  missing = () => registry.getSingleMetricAsString('nightshift_serving_lists_missing');
});
afterEach(() => jest.useRealTimers());

/** Tenants 1, 2, … with these list files. */
function pointAt(...files: (string | undefined)[]): void {
  const tenants = files.map(
    (listFile, index) =>
      ({
        tenantId: index + 1,
        slug: `t${index + 1}`,
        pointer: listFile && { listFile },
      }) as unknown as ServedTenant,
  );
  table.replace({ tenants, keys: [], fingerprint: files.join() }, Date.now());
}

async function follow(): Promise<void> {
  service.follow();
  for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve));
}

describe('copies of lists', () => {
  it('are made of every list that a pointer names, once', async () => {
    for (const name of ['1/a', '2/a', '3/a']) copies.stored.add(name);
    pointAt('1/a', undefined, '3/a');
    await follow();
    await follow();
    expect(copies.fetched.toSorted()).toEqual(['1/a', '3/a']);
    expect(await missing()).toMatch(/ 0$/m);
  });

  it('stay while the storage is away, and follow when it is back', async () => {
    copies.stored.add('1/a');
    pointAt('1/a');
    await follow();
    copies.isAway = true;
    pointAt('1/b');
    jest.setSystemTime(Date.now() + 3 * DAY_MS);
    await follow();
    expect([...copies.disk.keys()]).toEqual(['1/a']);
    expect(await missing()).toMatch(/ 1$/m);
    copies.isAway = false;
    copies.stored.add('1/b');
    await follow();
    expect(copies.fetched).toEqual(['1/a']);
    jest.setSystemTime(Date.now() + 5_000);
    await follow();
    expect(copies.fetched).toEqual(['1/a', '1/b']);
  });

  it('of other tenants are not held up by one that is not there', async () => {
    for (const name of ['2/a', '3/a', '4/a', '5/a', '6/a']) copies.stored.add(name);
    pointAt('1/a', '2/a', '3/a', '4/a', '5/a', '6/a');
    await follow();
    expect(copies.fetched).toHaveLength(5);
    expect(await missing()).toMatch(/ 1$/m);
  });

  it('are removed when they are old, or no longer in the storage; the one before is kept for two days', async () => {
    for (const name of ['1/a', '1/b', '1/c']) copies.stored.add(name);
    for (const name of ['1/a', '1/b', '1/gone', '9/gone']) copies.disk.set(name, new Date());
    copies.disk.set('1/a', new Date(Date.now() - 3 * DAY_MS));
    pointAt('1/c');
    await follow();
    expect([...copies.disk.keys()].toSorted()).toEqual(['1/b', '1/c']);
  });

  it('are kept for as long as the newest is not here: they may be what is served', async () => {
    copies.disk.set('1/a', new Date(Date.now() - 3 * DAY_MS));
    copies.stored.add('2/a');
    pointAt('1/b', '2/a');
    await follow();
    jest.setSystemTime(Date.now() + DAY_MS);
    await follow();
    expect([...copies.disk.keys()]).toEqual(['1/a', '2/a']);
  });

  it('with an erased customer go as soon as the storage has none of them', async () => {
    for (const name of ['1/a', '1/b']) copies.disk.set(name, new Date());
    copies.stored.add('1/copy');
    pointAt('1/copy');
    copies.isAway = true;
    expect(await service.holdsOnlyStored(1)).toBe(false);
    copies.isAway = false;
    expect(await service.holdsOnlyStored(1)).toBe(false);
    jest.setSystemTime(Date.now() + 5_000);
    expect(await service.holdsOnlyStored(1)).toBe(true);
    expect([...copies.disk.keys()]).toEqual(['1/copy']);
  });
});
