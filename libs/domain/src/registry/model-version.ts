import type { TenantId } from '../tenants/tenant.js';

export const MODEL_VERSION_STATUSES = ['candidate', 'champion', 'retired', 'rejected'] as const;
export type ModelVersionStatus = (typeof MODEL_VERSION_STATUSES)[number];

/** What a model is made of: the template's choice for a tenant. */
export interface Recipe {
  readonly algorithm: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Everything needed to trace a number back, or to make the same model again byte for byte. */
export interface NewModelVersion {
  readonly runId: string;
  readonly recipe: Recipe;
  readonly seed: number;
  /** Newest moment in the data that it saw. */
  readonly watermark: Date;
  readonly snapshotHash: string;
  /** Rows at or after this moment may have been held out of its training. */
  readonly holdoutFrom: Date;
  readonly codeVersion: string;
  readonly metrics: Readonly<Record<string, unknown>>;
  readonly trainingSeconds: number;
  /** Name in the artifact store and SHA-256 of the file. */
  readonly artifact: string;
  readonly artifactSha256: string;
}

export interface ModelVersion extends NewModelVersion {
  readonly tenantId: TenantId;
  /** Counts up from 1 within the tenant. */
  readonly version: number;
  readonly status: ModelVersionStatus;
  readonly createdAt: Date;
  /** When a night made it champion for the first time; a rollback to it does not change that. */
  readonly promotedAt: Date | undefined;
}

/** What the endpoint serves now; `revision` goes up by one with every move. */
export interface ServingPointer {
  readonly modelVersion: number;
  readonly publicationId: string;
  readonly listFile: string;
  readonly revision: number;
  readonly movedAt: Date;
}

export interface NewPublication {
  readonly publicationId: string;
  readonly modelVersion: number;
  readonly listFile: string;
  readonly listSha256: string;
  readonly customerLists: number;
  readonly fallbackLists: number;
}
