import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type {
  ArtifactStore,
  ErasureFiles,
  ErasureLedger,
  ExportFileStore,
  ListCopies,
  ListStore,
  RejectedRowStore,
  RetentionFiles,
} from '#libs/domain';
import { FileArtifactStore } from '../artifacts/file-artifact-store.js';
import { S3ArtifactStore } from '../artifacts/s3-artifact-store.js';
import { FileErasureFiles } from '../erasure/file-erasure-files.js';
import { FileErasureLedger } from '../erasure/file-erasure-ledger.js';
import { S3ErasureFiles } from '../erasure/s3-erasure-files.js';
import { S3ErasureLedger } from '../erasure/s3-erasure-ledger.js';
import { FileExportStore } from '../exports/file-export-store.js';
import { S3ExportStore } from '../exports/s3-export-store.js';
import { FileRejectedRowStore } from '../imports/file-rejected-row-store.js';
import { S3RejectedRowStore } from '../imports/s3-rejected-row-store.js';
import { LmdbListStore } from '../lists/lmdb-list-store.js';
import { PulledListStore } from '../lists/pulled-list-store.js';
import { S3ListStore } from '../lists/s3-list-store.js';
import { FileRetentionFiles } from '../retention/file-retention-files.js';
import { S3RetentionFiles } from '../retention/s3-retention-files.js';
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

export function openExportStore(settings: StoreSettings): ExportFileStore {
  const objects = openObjects(settings);
  return objects === undefined
    ? new FileExportStore(folderOf(settings))
    : new S3ExportStore(settings.STATE_DIR, objects);
}

export function openRejectedRowStore(settings: StoreSettings): RejectedRowStore {
  const objects = openObjects(settings);
  return objects === undefined
    ? new FileRejectedRowStore(folderOf(settings))
    : new S3RejectedRowStore(settings.STATE_DIR, objects);
}

export function openErasureFiles(settings: StoreSettings): ErasureFiles {
  const objects = openObjects(settings);
  return objects === undefined ? new FileErasureFiles(folderOf(settings)) : new S3ErasureFiles(objects);
}

export function openErasureLedger(settings: StoreSettings): ErasureLedger {
  const objects = openObjects(settings);
  return objects === undefined ? new FileErasureLedger(folderOf(settings)) : new S3ErasureLedger(objects);
}

export function openRetentionFiles(settings: StoreSettings): RetentionFiles {
  const objects = openObjects(settings);
  return objects === undefined ? new FileRetentionFiles(folderOf(settings)) : new S3RetentionFiles(objects);
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
