import { NightshiftError } from '../errors/nightshift-error.js';
import type { ListReader, ListStore } from './list-store.js';

/** What names a list file. */
export interface NamedLists {
  readonly listFile: string;
  readonly modelVersion: number;
}

/**
 * The last wall: whatever a pointer says, one tenant's lists are never read for another, nor under another version's name.
 * @throws NightshiftError `foreignLists`, ListFileMissingError, ListFileCorruptError
 */
export async function openOwnLists(store: ListStore, slug: string, pointer: NamedLists): Promise<ListReader> {
  const reader = await store.open(pointer.listFile);
  const { tenant, modelVersion } = reader.header;
  if (tenant === slug && modelVersion === pointer.modelVersion) return reader;
  await reader.close();
  throw new NightshiftError(
    'internal',
    'foreignLists',
    // Not whose they are: it is read by the tenant that has asked.
    `${pointer.listFile} holds no lists of ${slug}, version ${pointer.modelVersion}.`,
  );
}
