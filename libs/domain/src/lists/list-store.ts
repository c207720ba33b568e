import type { StoredFile } from '../snapshots/artifact-store.js';

/** Where an entry of a ranked list comes from. The order is part of the file format: append only. */
export const LIST_SOURCES = [
  'popularity',
  'item-cf',
  'ials',
  'segment-popularity',
  'segmented-popularity',
  'user-cf',
  'rp3beta',
  'ease',
  'slim',
  'bpr',
  'biased-mf',
  'svdpp',
  'content',
  // From here on: sources that only a request knows.
  'pinned',
  'basket',
  'viewed',
  'search',
  'profile',
] as const;
export type ListSource = (typeof LIST_SOURCES)[number];

export interface RankedListEntry {
  readonly productId: string;
  readonly score: number;
  readonly source: ListSource;
}

/** Columns of one list; `products` index into the file's product ids. */
export interface PackedList {
  readonly products: Int32Array;
  readonly scores: Float32Array;
  readonly sources: Uint8Array;
}

export interface ListFileHeader {
  readonly tenant: string;
  readonly modelVersion: number;
  readonly algorithm: string;
  readonly watermark: string;
  readonly productIds: readonly string[];
}

/** Name of the fallback list for everybody, and of those for a part of the customers. */
export const OVERALL_FALLBACK = 'overall';
export function countryFallback(country: string): string {
  return `country:${country}`;
}
export function segmentFallback(segment: string): string {
  return `segment:${segment}`;
}

export interface ListWriter {
  putCustomer(customerId: string, list: PackedList): void;
  putFallback(name: string, list: PackedList): void;
  /** For a customer of whom nothing is known yet: which fallback is theirs. It must be in the same file. */
  putCustomerFallback(customerId: string, fallbackName: string): void;
  /** What a request needs to know of this customer, beside their list. */
  putProfile(customerId: string, profile: Uint8Array): void;
  /** Something that the file holds once: the model, the catalogue. */
  putPart(name: string, part: Uint8Array): void;
  /** Syncs, renames into place and returns the hexadecimal SHA-256 of the file. */
  finish(): Promise<{ sha256: string; bytes: number }>;
  /** Leaves nothing behind. */
  abandon(): Promise<void>;
}

export interface ListReader {
  readonly header: ListFileHeader;
  /** @param hidden per product of the file: 1 = left out, and the next one takes its place */
  customerList(customerId: string, count: number, hidden?: Uint8Array): RankedListEntry[] | undefined;
  fallbackList(name: string, count: number, hidden?: Uint8Array): RankedListEntry[] | undefined;
  /** The whole list as columns, for whoever rearranges it. */
  customerColumns(customerId: string): PackedList | undefined;
  fallbackColumns(name: string): PackedList | undefined;
  /** A copy of the customer's profile; undefined for a stranger, and for files from before there were profiles. */
  profile(customerId: string): Uint8Array<ArrayBuffer> | undefined;
  /** A copy, over shared memory. */
  part(name: string): Uint8Array<SharedArrayBuffer> | undefined;
  /** Some customers with a list, spread over all of them; the same ones for the same file and count. */
  sampleCustomers(count: number): string[];
  /** The name of the fallback that the night chose for a customer without any history. */
  fallbackOf(customerId: string): string | undefined;
  /** False once the file is no longer the one that was opened: nothing more may be read from it. */
  isIntact(): Promise<boolean>;
  close(): Promise<void>;
}

/** One immutable file per publication: customer id to ranked list, plus the fallback lists. */
export abstract class ListStore {
  /** The writer of a new file; nothing is visible under `listFile` before `finish`. */
  abstract create(listFile: string, header: ListFileHeader): Promise<ListWriter>;
  abstract open(listFile: string): Promise<ListReader>;
  /** The list files in a folder, with the moment of their last change; empty when there is no such folder. */
  abstract list(folder: string): Promise<StoredFile[]>;
  abstract remove(listFile: string): Promise<void>;
  /** Hexadecimal SHA-256 of the whole file as it is now; undefined when there is none. */
  abstract checksum(listFile: string): Promise<string | undefined>;
  /** Writes a file that differs in one thing: this customer is not in it. Undefined, and nothing written: they never were. */
  abstract copyWithout(
    listFile: string,
    copy: string,
    customerId: string,
  ): Promise<{ readonly sha256: string; readonly bytes: number } | undefined>;
}
