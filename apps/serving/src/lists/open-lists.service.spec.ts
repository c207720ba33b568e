import { jest } from '@jest/globals';
import {
  ListStore,
  NightshiftError,
  type ListReader,
  type ListWriter,
  type ServedTenant,
} from '#libs/domain';
import { createMetricsRegistry } from '#libs/telemetry';
import { ServingMetrics } from '../metrics/serving-metrics.js';
import { PointerTable } from '../pointers/pointer-table.js';
import { OpenListsService } from './open-lists.service.js';

/** Opens when told to, and knows what is open. */
class FakeListStore extends ListStore {
  readonly openFiles: string[] = [];
  readonly attempts: string[] = [];
  readonly broken = new Set<string>();
  gate: Promise<void> = Promise.resolve();

  async create(): Promise<ListWriter> {
    throw new Error('not needed here');
  }

  async list(): Promise<never[]> {
    return [];
  }

  async open(listFile: string): Promise<ListReader> {
    this.attempts.push(listFile);
    await this.gate;
    if (this.broken.has(listFile)) throw new NightshiftError('internal', 'listFileCorrupt', 'broken');
    this.openFiles.push(listFile);
    const [tenant, version] = listFile.split('/');
    return {
      header: {
        tenant,
        modelVersion: Number(version),
        algorithm: 'hybrid',
        watermark: '',
        productIds: ['a'],
      },
      customerList: () => [],
      fallbackList: () => [],
      fallbackOf: () => undefined,
      isIntact: async () => true,
      close: async () => void this.openFiles.splice(this.openFiles.indexOf(listFile), 1),
    };
  }

  async remove(): Promise<void> {}
}

function shop(version: number, listFile = `shop/${version}`): ServedTenant {
  const pointer = {
    modelVersion: version,
    publicationId: listFile,
    listFile,
    revision: version,
    movedAt: new Date(0),
  };
  return { tenantId: 1, slug: 'shop', state: 'on', stateChangedAt: new Date(0), pointer };
}

let store: FakeListStore;
let lists: OpenListsService;
let metrics: ServingMetrics;

beforeEach(() => {
  store = new FakeListStore();
  metrics = new ServingMetrics(createMetricsRegistry('test'), new PointerTable());
  lists = new OpenListsService(store, metrics);
  jest.spyOn(lists['logger'], 'error').mockReturnValue(undefined);
});

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('OpenListsService', () => {
  test('a hundred requests at once open one file', async () => {
    expect(lists.current(shop(1))).toBeUndefined();
    await Promise.all(Array.from({ length: 100 }, () => lists.prepare(shop(1))));
    expect(store.attempts).toEqual(['shop/1']);
    expect(lists.current(shop(1))?.header.modelVersion).toBe(1);
  });

  test('the old file serves until the new one is open, and is then closed', async () => {
    await lists.prepare(shop(1));
    let release = () => {};
    store.gate = new Promise((resolve) => (release = resolve));
    lists.follow([shop(2)]);
    expect(lists.current(shop(2))?.header.modelVersion).toBe(1);
    release();
    await settled();
    expect(lists.current(shop(2))?.header.modelVersion).toBe(2);
    expect(store.openFiles).toEqual(['shop/2']);
  });

  test('a broken file leaves the one before it, is counted, and is not tried at every request', async () => {
    await lists.prepare(shop(1));
    store.broken.add('shop/2');
    for (let i = 0; i < 5; i++) {
      expect(lists.current(shop(2))?.header.modelVersion).toBe(1);
      await settled();
    }
    expect(store.attempts).toEqual(['shop/1', 'shop/2']);
    expect((await metrics.listFailures.get()).values[0].value).toBe(1);
    lists.follow([shop(3)]);
    await settled();
    expect(lists.current(shop(3))?.header.modelVersion).toBe(3);
  });

  test("another tenant's file, or another version's, is closed again and never served", async () => {
    for (const listFile of ['rival/1', 'shop/7']) {
      await lists.prepare(shop(1, listFile));
      expect(lists.current(shop(1, listFile))).toBeUndefined();
    }
    expect(store.openFiles).toEqual([]);
  });

  test('stopping closes everything', async () => {
    await lists.prepare(shop(1));
    await lists.onApplicationShutdown();
    expect(store.openFiles).toEqual([]);
  });
});
