import { NightshiftError } from '../errors/nightshift-error.js';

const UNREADABLE = ['artifactMissing', 'artifactCorrupt', 'foreignArtifact'];

/** There is no such file, or it is not what this tenant has written: what is in it can only be made again. */
export function isUnreadableArtifact(error: unknown): boolean {
  return error instanceof NightshiftError && UNREADABLE.includes(error.code);
}

export interface StoredFile {
  readonly name: string;
  readonly changedAt: Date;
}

/** Where the stages of a run leave their results for one another, and where model files live. Names are relative paths. */
export abstract class ArtifactStore {
  /** Written aside, synced, then renamed: a name is either absent or whole. Returns the hexadecimal SHA-256. */
  abstract write(name: string, chunks: Iterable<Uint8Array>): Promise<{ sha256: string; bytes: number }>;
  /** The whole file over shared memory. @throws NightshiftError `artifactMissing`; `artifactCorrupt` when `sha256` differs */
  abstract read(name: string, sha256?: string): Promise<Uint8Array<SharedArrayBuffer>>;
  /** Files and folders directly below a folder, with the moment of their last change; empty when there is no such folder. */
  abstract list(folder: string): Promise<StoredFile[]>;
  abstract remove(name: string): Promise<void>;
  /** Removes every artifact below a folder. */
  abstract removeFolder(folder: string): Promise<void>;
}
