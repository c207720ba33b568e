/**
 * Every job there is: its queue, its payload, how often it is tried, and the key under which a second one is the same.
 * Retries of a run are kept in Postgres (`RUN_RETRIES`), because Redis may forget everything at any moment; a job is
 * only the news that a run can be claimed, so BullMQ itself never tries one again.
 */
export interface JobPayloads {
  'run-pipeline': { readonly tenantId: number; readonly runId: string; readonly attempt: number };
  'attribute-outcomes': { readonly tenantId: number };
  'export-lists': { readonly tenantId: number; readonly exportId: string; readonly attempt: number };
  'erase-data': { readonly tenantId: number; readonly erasureId: string; readonly attempt: number };
}
export type JobName = keyof JobPayloads;

export interface JobDefinition<N extends JobName> {
  readonly queue: string;
  /** No colons: BullMQ refuses them. */
  readonly dedupeKey: (payload: JobPayloads[N]) => string;
  /** Days that a failed job stays in its queue's dead letters. */
  readonly deadLetterDays: number;
}

export const JOBS: { readonly [N in JobName]: JobDefinition<N> } = {
  'run-pipeline': {
    queue: 'training',
    dedupeKey: ({ runId, attempt }) => `run-${runId}-${attempt}`,
    deadLetterDays: 30,
  },
  // Asked for again and again: one that failed is replaced by the next.
  'attribute-outcomes': {
    queue: 'attribution',
    dedupeKey: ({ tenantId }) => `attribute-${tenantId}`,
    deadLetterDays: 7,
  },
  'export-lists': {
    queue: 'exports',
    dedupeKey: ({ exportId, attempt }) => `export-${exportId}-${attempt}`,
    deadLetterDays: 7,
  },
  'erase-data': {
    queue: 'erasure',
    dedupeKey: ({ erasureId, attempt }) => `erase-${erasureId}-${attempt}`,
    deadLetterDays: 7,
  },
};

export const TRAINING_QUEUE = JOBS['run-pipeline'].queue;
export const ATTRIBUTION_QUEUE = JOBS['attribute-outcomes'].queue;
export const EXPORT_QUEUE = JOBS['export-lists'].queue;
export const ERASURE_QUEUE = JOBS['erase-data'].queue;
export const QUEUES: readonly string[] = [...new Set(Object.values(JOBS).map((job) => job.queue))];
