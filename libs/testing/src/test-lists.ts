import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  countryFallback,
  OVERALL_FALLBACK,
  type ListFileHeader,
  type ListStore,
  type PackedList,
} from '#libs/domain';
import { LmdbListStore } from '#libs/persistence';

export const LIST_HEADER: ListFileHeader = {
  tenant: 'green-grocer',
  modelVersion: 7,
  algorithm: 'hybrid',
  watermark: '2026-11-20T00:00:00.000Z',
  productIds: Array.from({ length: 3_000 }, (_, index) => `product-${index}`),
};

/** A list that no other seed has. */
export function testList(seed: number, length: number): PackedList {
  return {
    products: Int32Array.from({ length }, (_, i) => (seed * 31 + i * 7) % LIST_HEADER.productIds.length),
    scores: Float32Array.from({ length }, (_, i) => 1 - i / 128 + seed / 4096),
    sources: Uint8Array.from({ length }, (_, i) => (seed + i) % 4),
  };
}

/** Lists of these customers, each as {@link testList} makes it from the length of their id. */
export async function writeTestLists(
  store: ListStore,
  listFile: string,
  customers: readonly string[],
  length = 100,
): Promise<{ sha256: string; bytes: number }> {
  const writer = await store.create(listFile, LIST_HEADER);
  customers.forEach((customer) => writer.putCustomer(customer, testList(customer.length, length)));
  writer.putFallback(OVERALL_FALLBACK, testList(1, length));
  writer.putFallback(countryFallback('Österreich'), testList(2, length));
  return writer.finish();
}

/** List files in a folder of their own. */
export class TestLists {
  readonly store: LmdbListStore;

  private constructor(readonly directory: string) {
    this.store = new LmdbListStore(directory);
  }

  static async open(): Promise<TestLists> {
    return new TestLists(await mkdtemp(join(tmpdir(), 'nightshift-lists-')));
  }

  write(listFile: string, customers: readonly string[], length = 100) {
    return writeTestLists(this.store, listFile, customers, length);
  }

  close(): Promise<void> {
    return rm(this.directory, { recursive: true, force: true });
  }
}
