import type { NightHistory } from '#libs/domain';

export interface HistoryRow {
  readonly created_at: Date;
  readonly schedule_changed_at: Date | null;
  readonly nights: readonly string[];
}

/** SQL over `tenant`: a zone's dates lie at most two days apart, and its nights one. */
export const HISTORY_COLUMNS = `created_at, schedule_changed_at,
  ARRAY(SELECT night::text FROM run WHERE run.tenant_id = tenant.id AND kind = 'nightly' ORDER BY run.night DESC LIMIT 4) AS nights`;

export function toNightHistory(row: HistoryRow): NightHistory {
  const { created_at: createdAt, schedule_changed_at: changedAt, nights } = row;
  return { createdAt, scheduleChangedAt: changedAt ?? undefined, nights };
}
