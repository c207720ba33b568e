import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ApiKey, ServedErasure, ServedTenant, ServingPointer, ServingState } from '#libs/domain';

const FORMAT_VERSION = 1;

export interface StoredState {
  readonly state: ServingState;
  readonly savedAt: number;
}

interface FileContent {
  readonly formatVersion: number;
  readonly savedAt: number;
  readonly fingerprint: string;
  readonly tenants: readonly (ServedTenant & {
    stateChangedAt: string;
    pointer?: ServingPointer & { movedAt: string };
  })[];
  readonly erasures?: readonly ServedErasure[];
  readonly keys: readonly (ApiKey & { expiresAt?: string; revokedAt?: string })[];
}

/**
 * The table on this node's own disk: what it starts from when the database is away. It holds hashes of keys, never keys, and
 * only the owner may read it.
 */
export class PointerFile {
  readonly path: string;

  constructor(stateDirectory: string) {
    this.path = join(stateDirectory, 'serving', 'pointers.json');
  }

  /** Replaced in one step: a reader, or this node after a crash, finds the old file or the new one. */
  async save(state: ServingState, savedAt: number): Promise<void> {
    await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
    const temporary = `${this.path}.tmp-${randomUUID()}`;
    try {
      const file = await open(temporary, 'wx', 0o600);
      try {
        await file.writeFile(JSON.stringify({ formatVersion: FORMAT_VERSION, savedAt, ...state }));
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, this.path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  /** Undefined when there is none. @throws Error when it is not readable or not what {@link save} wrote */
  async load(): Promise<StoredState | undefined> {
    const text = await readFile(this.path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (text === undefined) return undefined;
    const content = JSON.parse(text) as FileContent;
    if (content.formatVersion !== FORMAT_VERSION)
      throw new Error(`Format ${content.formatVersion} is not known.`);
    const state = {
      tenants: content.tenants.map(reviveTenant),
      keys: content.keys.map(reviveKey),
      fingerprint: content.fingerprint,
      erasures: content.erasures ?? [],
    };
    return { state, savedAt: content.savedAt };
  }
}

function reviveTenant(tenant: FileContent['tenants'][number]): ServedTenant {
  const pointer = tenant.pointer && { ...tenant.pointer, movedAt: new Date(tenant.pointer.movedAt) };
  return { ...tenant, stateChangedAt: new Date(tenant.stateChangedAt), pointer };
}

function reviveKey(key: FileContent['keys'][number]): ApiKey {
  return { ...key, expiresAt: reviveDate(key.expiresAt), revokedAt: reviveDate(key.revokedAt) };
}

function reviveDate(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : new Date(text);
}
