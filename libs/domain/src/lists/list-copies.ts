import type { StoredFile } from '../snapshots/artifact-store.js';

/** A node's own copies of list files that are kept elsewhere: what it answers from, whether or not the storage can be reached. */
export abstract class ListCopies {
  /** Whether the copy is on this disk. */
  abstract has(listFile: string): Promise<boolean>;
  /** Fetches it: checked, written aside, synced, renamed. @throws ListFileMissingError, StorageAwayError */
  abstract fetch(listFile: string): Promise<void>;
  /** Folders in which there are copies. */
  abstract folders(): Promise<readonly string[]>;
  /** The copies in a folder, with the moment at which each was made. */
  abstract copies(folder: string): Promise<StoredFile[]>;
  /** What the storage has in a folder. */
  abstract list(folder: string): Promise<StoredFile[]>;
  /** From this disk alone; who reads it goes on reading. */
  abstract forget(listFile: string): Promise<void>;
}
