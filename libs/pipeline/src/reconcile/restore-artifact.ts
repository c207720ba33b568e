import { createHash } from 'node:crypto';
import {
  decodeArtifact,
  encodeArtifact,
  type ArtifactStore,
  type KeptArtifact,
  type KeptPublication,
  type KeptRecords,
  type ListReader,
  type ListStore,
} from '#libs/domain';
import { MODEL_PART, NEIGHBOURS_PART, type StoredModel } from '#libs/serving';
import type { ModelPackage } from '../stages/train.stage.js';

interface Stores {
  readonly artifacts: ArtifactStore;
  readonly lists: ListStore;
}

/**
 * Puts a lost file back where its bytes are found elsewhere: in another version that came out of training the same, or in the
 * list files that were made with it. Nothing is written that is not the lost file byte for byte; where products have gone
 * since it was trained, its list file has no such bytes.
 */
export async function restoreArtifact(
  stores: Stores,
  lost: KeptArtifact,
  { publications, artifacts }: KeptRecords,
): Promise<boolean> {
  return (await fromTwin(stores, lost, artifacts)) || (await fromLists(stores, lost, publications));
}

async function fromTwin(
  { artifacts }: Stores,
  { file, sha256 }: KeptArtifact,
  kept: readonly KeptArtifact[],
): Promise<boolean> {
  for (const twin of kept.filter((one) => one.sha256 === sha256 && one.file !== file)) {
    const bytes = await artifacts.read(twin.file, sha256).catch(() => undefined);
    if (bytes === undefined) continue;
    await artifacts.write(file, [bytes]);
    return true;
  }
  return false;
}

async function fromLists(
  { artifacts, lists }: Stores,
  lost: KeptArtifact,
  publications: readonly KeptPublication[],
): Promise<boolean> {
  for (const { listFile } of publications.filter(({ modelVersion }) => modelVersion === lost.modelVersion)) {
    const reader = await lists.open(listFile).catch(() => undefined);
    if (reader === undefined) continue;
    try {
      const chunks = packagesIn(reader, lost)
        .map((found) => [...encodeArtifact(found)])
        .find((bytes) => sha256Of(bytes) === lost.sha256);
      if (chunks === undefined) continue;
      await artifacts.write(lost.file, chunks);
      return true;
    } finally {
      await reader.close();
    }
  }
  return false;
}

function packagesIn(reader: ListReader, { role }: KeptArtifact): ModelPackage[] {
  const part = reader.part(role === 'model' ? MODEL_PART : NEIGHBOURS_PART);
  if (part === undefined) return [];
  const { productMap, model } = decodeArtifact<StoredModel>(part);
  const { productIds: ofFile, algorithm } = reader.header;
  const productIds = productMap === null ? ofFile : [...productMap].map((index) => ofFile[index]);
  if (productIds.some((productId) => productId === undefined)) return [];
  return [{ algorithm: role === 'model' ? algorithm : 'item-cf', productIds, model }];
}

function sha256Of(chunks: readonly Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const chunk of chunks) hash.update(chunk);
  return hash.digest('hex');
}
