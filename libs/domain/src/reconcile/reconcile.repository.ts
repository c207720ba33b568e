import type { TenantId } from '../tenants/tenant.js';

/** The newest lists of a version that is served or may be rolled back to. */
export interface KeptPublication {
  readonly publicationId: string;
  readonly runId: string;
  readonly modelVersion: number;
  readonly listFile: string;
  readonly listSha256: string;
  readonly isServed: boolean;
}

/** A file in the artifact store that must be there, and what it must be. */
export interface KeptArtifact {
  readonly file: string;
  readonly sha256: string;
  readonly modelVersion: number;
  /** `neighbours`: learnt in the same night as the version's lists and used in them, but not the model itself. */
  readonly role: 'model' | 'neighbours';
}

export interface KeptRecords {
  readonly publications: readonly KeptPublication[];
  readonly artifacts: readonly KeptArtifact[];
  /** Days for which the tenant's requests are still counted although they are long over. */
  readonly oldQuotaDays: number;
}

export interface ListReplacement {
  readonly publicationId: string;
  /** The file that is gone or damaged. */
  readonly from: string;
  readonly to: string;
  readonly sha256: string;
  readonly customerLists: number;
  readonly fallbackLists: number;
  /** When the data was read from which the lists were made: an erasure since then makes them worthless. */
  readonly dataReadAt: Date;
}

/** What Postgres says should be in the other stores, tenant by tenant. */
export abstract class ReconcileRepository {
  abstract kept(tenantId: TenantId, keptVersions: number): Promise<KeptRecords>;
  /** The database's clock. */
  abstract now(tenantId: TenantId): Promise<Date>;
  /**
   * The lists made again take the place of the lost ones, for the publication and where it is served. Not a new publication and
   * not a moved champion: a night that is under way goes on.
   */
  abstract replaceListFile(
    tenantId: TenantId,
    replacement: ListReplacement,
  ): Promise<'replaced' | 'erasedMeanwhile' | 'movedMeanwhile'>;
  abstract forgetOldQuotaDays(tenantId: TenantId): Promise<void>;
}
