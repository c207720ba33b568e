/** SQL: as `isLate` in the domain. The first part alone is what the index `run_perhaps_late` holds. */
const PERHAPS_LATE = `deadline IS NOT NULL AND (status <> 'succeeded' OR finished_at > deadline)`;
export const isLateAt = (now: string) => `${PERHAPS_LATE} AND (status = 'succeeded' OR deadline < ${now})`;
