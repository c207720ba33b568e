import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ArtifactStore, ListCopies, ListStore } from '#libs/domain';
import { FileArtifactStore } from '../artifacts/file-artifact-store.js';
import { S3ArtifactStore } from '../artifacts/s3-artifact-store.js';
import { LmdbListStore } from '../lists/lmdb-list-store.js';
import { PulledListStore } from '../lists/pulled-list-store.js';
import { S3ListStore } from '../lists/s3-list-store.js';
import { ObjectStorage } from './object-storage.js';
import { parseS3Address, type S3Address } from './s3-address.js';

/** As the environment says them. */
export interface StoreSettings {
  readonly STATE_DIR: string;
  /** `s3://bucket/prefix?endpoint=…&region=…`, or `file:///folder`; the state folder if absent. */
  readonly ARTIFACTS_URL?: string;
  readonly AWS_ACCESS_KEY_ID?: string;
  readonly AWS_SECRET_ACCESS_KEY?: string;
}

/** @throws Error when the address cannot be used */
export function openArtifactStore(settings: StoreSettings): ArtifactStore {
  const objects = openObjects(settings);
  return objects === undefined
    ? new FileArtifactStore(join(folderOf(settings), 'artifacts'))
    : new S3ArtifactStore(objects);
}

/** For whoever writes lists, or reads one now and then. @throws Error when the address cannot be used */
export function openListStore(settings: StoreSettings): ListStore {
  const objects = openObjects(settings);
  return objects === undefined
    ? new LmdbListStore(folderOf(settings))
    : new S3ListStore(settings.STATE_DIR, objects);
}

/** For whoever answers requests; copies are kept where the lists come from elsewhere. @throws as `openListStore` */
export function openServedLists(settings: StoreSettings): {
  lists: ListStore;
  copies: ListCopies | undefined;
} {
  const objects = openObjects(settings);
  if (objects === undefined) return { lists: new LmdbListStore(folderOf(settings)), copies: undefined };
  const lists = new PulledListStore(settings.STATE_DIR, objects);
  return { lists, copies: lists };
}

function openObjects({
  ARTIFACTS_URL: url,
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: secretAccessKey,
}: StoreSettings): ObjectStorage | undefined {
  if (url === undefined || url.startsWith('file:')) return undefined;
  return new ObjectStorage(readAddress(url), { accessKeyId, secretAccessKey });
}

function folderOf({ STATE_DIR, ARTIFACTS_URL: url }: StoreSettings): string {
  return url === undefined ? STATE_DIR : fileURLToPath(url);
}

function readAddress(url: string): S3Address {
  try {
    return parseS3Address(url);
  } catch (error) {
    throw new Error(`ARTIFACTS_URL is not usable: ${(error as Error).message}`, { cause: error });
  }
}
