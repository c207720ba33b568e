import { jest } from '@jest/globals';
import {
  ListStore,
  NightshiftError,
  type ListReader,
  type ListWriter,
  type ServedTenant,
} from '#libs/domain';
import { createMetricsRegistry } from '#libs/telemetry';
import type { OfferingsService } from '../offerings/offerings.service.js';
import { OpenLiveLists } from '../recommendations/open-live-lists.js';
import { RecommendationsService } from '../recommendations/recommendations.service.js';
import { SessionMemory } from '../recommendations/session-memory.js';
import { ServingMetrics } from '../metrics/serving-metrics.js';
import { PointerTable } from '../pointers/pointer-table.js';
import { OpenListsService } from './open-lists.service.js';

/** Opens when told to, and knows what is open. */
class FakeListStore extends ListStore {
  readonly openFiles: string[] = [];
  readonly attempts: string[] = [];
  readonly broken = new Set<string>();
  readonly changed = new Set<string>();
  readonly damaged = new Set<string>();
  gate: Promise<void> = Promise.resolve();

  async create(): Promise<ListWriter> {
    throw new Error('not needed here');
  }

  async list(): Promise<never[]> {
    return [];
  }

  async checksum(): Promise<undefined> {}

  async copyWithout(): Promise<undefined> {}

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
      customerList: () => {
        if (this.damaged.has(listFile)) throw new NightshiftError('internal', 'listFileCorrupt', 'damaged');
        return [{ productId: `of ${listFile}`, score: 1, source: 'ials' }];
      },
      fallbackList: () => [],
      customerColumns: () => undefined,
      fallbackColumns: () => undefined,
      profile: () => undefined,
      part: () => undefined,
      sampleCustomers: () => [],
      fallbackOf: () => undefined,
      isIntact: async () => !this.changed.has(listFile),
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

  test('a file that has changed on the disk is closed, and opened again only if it is sound', async () => {
    await lists.prepare(shop(1));
    await lists.dropChanged();
    expect(store.openFiles).toEqual(['shop/1']);
    store.changed.add('shop/1');
    await lists.dropChanged();
    expect(store.openFiles).toEqual([]);
    expect(lists.current(shop(1))).toBeUndefined();
    expect((await metrics.droppedLists.get()).values).toMatchObject([
      { labels: { reason: 'changed' }, value: 1 },
    ]);
    await lists.prepare(shop(1));
    expect(store.openFiles).toEqual(['shop/1']);
  });

  describe('a file that turns out to be damaged while it is read', () => {
    const request = { customerId: 'anna', count: 1, country: undefined, segment: undefined };
    const nobodySaidAnything = { of: () => undefined } as unknown as OfferingsService;
    const ask = (tenant: ServedTenant) =>
      new RecommendationsService(
        lists,
        metrics,
        nobodySaidAnything,
        new OpenLiveLists(),
        new SessionMemory(),
        new PointerTable(),
      ).answer(tenant, request);

    test('is closed and counted, and the lists before it answer', async () => {
      await lists.prepare(shop(1));
      await lists.prepare(shop(2));
      store.damaged.add('shop/2');
      for (let i = 0; i < 3; i++) {
        expect(await ask(shop(2))).toMatchObject({ status: 'ok', items: [{ productId: 'of shop/1' }] });
      }
      expect(store.openFiles).toEqual(['shop/1']);
      expect(store.attempts).toEqual(['shop/1', 'shop/2', 'shop/1']);
      expect((await metrics.droppedLists.get()).values).toMatchObject([
        { labels: { reason: 'corrupt' }, value: 1 },
      ]);
    });

    test('leaves nothing to recommend when there is no other', async () => {
      await lists.prepare(shop(1));
      store.damaged.add('shop/1');
      for (let i = 0; i < 3; i++)
        expect(await ask(shop(1))).toMatchObject({ status: 'none', statusReason: 'listsUnavailable' });
      expect(store.attempts).toEqual(['shop/1']);
    });
  });

  test('stopping closes everything', async () => {
    await lists.prepare(shop(1));
    await lists.onApplicationShutdown();
    expect(store.openFiles).toEqual([]);
  });
});
