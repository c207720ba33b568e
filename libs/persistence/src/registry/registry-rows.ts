import type { ModelVersion, Recipe, RegistryChange, ServingPointer, StoredVerdict } from '#libs/domain';
import type {
  ModelVersion as ModelVersionRow,
  RegistryChange as RegistryChangeRow,
  ServingPointer as ServingPointerRow,
  Verdict as VerdictRow,
} from '../generated/client.js';

export function toModelVersion(row: Omit<ModelVersionRow, 'algorithm'>): ModelVersion {
  return {
    tenantId: row.tenantId,
    version: row.version,
    runId: row.runId,
    status: row.status,
    recipe: row.recipe as unknown as Recipe,
    seed: row.seed,
    watermark: row.watermark,
    snapshotHash: row.snapshotHash,
    holdoutFrom: row.holdoutFrom,
    codeVersion: row.codeVersion,
    metrics: row.metrics as Readonly<Record<string, unknown>>,
    trainingSeconds: row.trainingSeconds,
    artifact: row.artifact,
    artifactSha256: row.artifactSha256,
    createdAt: row.createdAt,
    promotedAt: row.promotedAt ?? undefined,
  };
}

export function toServingPointer(row: ServingPointerRow): ServingPointer {
  const { modelVersion, publicationId, listFile, revision, movedAt } = row;
  return { modelVersion, publicationId, listFile, revision, movedAt };
}

export function toRegistryChange(row: RegistryChangeRow): RegistryChange {
  const { changeId, fromVersion, toVersion, reason, actor, changedAt } = row;
  return { changeId, fromVersion: fromVersion ?? undefined, toVersion, reason, actor, changedAt };
}

export function toStoredVerdict(row: VerdictRow): StoredVerdict {
  return {
    runId: row.runId,
    lane: row.lane,
    championVersion: row.championVersion ?? undefined,
    challengerVersion: row.challengerVersion,
    promoted: row.promoted,
    reasonCode: row.reasonCode,
    sentence: row.sentence,
    numbers: row.numbers as Readonly<Record<string, unknown>>,
    createdAt: row.createdAt,
  };
}
