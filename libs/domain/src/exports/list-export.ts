export const EXPORT_FORMATS = ['csv', 'ndjson', 'parquet'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** `expired`: the file has been deleted, what is known of it stays. */
export const EXPORT_STATUSES = ['queued', 'running', 'succeeded', 'failed', 'expired'] as const;
export type ExportStatus = (typeof EXPORT_STATUSES)[number];

/** How long a file stays. It holds customers' ids: no longer than a campaign needs. */
export const EXPORT_KEPT_DAYS = 7;
/** A contact that is older than this is forgotten. */
export const LONGEST_CONTACT_DAYS = 365;

/** Who gets what: as it was asked for, kept with the export. */
export interface ExportOptions {
  readonly format: ExportFormat;
  /** Products per customer. */
  readonly count: number;
  /** Customers of one of these segments; absent: all. */
  readonly segments?: readonly string[];
  /** Share of the customers who get nothing, so that the others can be compared with them. */
  readonly controlShare: number;
  /** Another seed, another control group. */
  readonly controlSeed: number;
  /** Customers who got something in an export of the last so many days get nothing; 0: everybody may. */
  readonly notAgainWithinDays: number;
  /** Products with a lower score are left out. */
  readonly minimumScore?: number;
  /** The same as a share of the best score of the customer's list, as in rules and re-ranking. */
  readonly minimumRelevance?: number;
}

export interface ExportCounts {
  /** Customers looked at. */
  readonly customers: number;
  /** Of these: with something to recommend. */
  readonly recommended: number;
  readonly rows: number;
}

export interface ListExport extends ExportCounts {
  readonly exportId: string;
  readonly options: ExportOptions;
  readonly status: ExportStatus;
  readonly requestedBy: string;
  readonly requestedAt: Date;
  /** 0 to 1. */
  readonly progress: number;
  readonly attempt: number;
  readonly modelVersion: number | undefined;
  readonly bytes: number | undefined;
  readonly sha256: string | undefined;
  readonly startedAt: Date | undefined;
  readonly finishedAt: Date | undefined;
  /** When the file is deleted. */
  readonly expiresAt: Date | undefined;
  readonly errorCode: string | undefined;
  readonly errorMessage: string | undefined;
}

export type ExportEventKind = 'requested' | 'downloaded' | 'deleted';

/** Who did what with an export. */
export interface ExportEvent {
  readonly kind: ExportEventKind;
  readonly actor: string;
  readonly at: Date;
}

export interface ExportCustomer {
  readonly customerId: string;
  readonly segment: string | undefined;
  readonly country: string | undefined;
  /** In an export of the days within which nobody is contacted again. */
  readonly wasContacted: boolean;
}

/** One row of the file. Customers with several products have several, under one recommendation id. */
export interface ExportRow {
  readonly recommendationId: string;
  readonly customerId: string;
  readonly segment: string | null;
  readonly status: 'ok' | 'partial' | 'none';
  /** Why there is nothing, or what is unusual. */
  readonly statusReason: string | null;
  /** From 1; null where nothing is recommended, as the next ones. */
  readonly position: number | null;
  readonly productId: string | null;
  readonly score: number | null;
  readonly source: string | null;
  readonly modelVersion: number | null;
  readonly servedAt: string;
}

export const EXPORT_COLUMNS = [
  'recommendationId',
  'customerId',
  'segment',
  'status',
  'statusReason',
  'position',
  'productId',
  'score',
  'source',
  'modelVersion',
  'servedAt',
] as const satisfies readonly (keyof ExportRow)[];
