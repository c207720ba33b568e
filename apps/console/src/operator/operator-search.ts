/** What addresses of the operator's pages carry. */
export const RATE_GROUPS = ['all', 'template', 'size', 'age'] as const;
export const RUN_CHOICES = ['all', 'failed', 'late', 'running', 'queued'] as const;
export const JOB_STATES = ['waiting', 'active', 'delayed', 'failed', 'completed'] as const;
export type JobState = (typeof JOB_STATES)[number];
export type RateGroup = (typeof RATE_GROUPS)[number];
export type RunChoice = (typeof RUN_CHOICES)[number];

export function readRates({ by }: Record<string, unknown>): { by?: RateGroup } {
  const group = RATE_GROUPS.find((each) => each === by);
  return group === undefined ? {} : { by: group };
}

export function readWork({ runs, night }: Record<string, unknown>): { runs?: RunChoice; night?: string } {
  const choice = RUN_CHOICES.find((each) => each === runs);
  const isNight = typeof night === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(night);
  return { ...(choice === undefined ? {} : { runs: choice }), ...(isNight ? { night } : {}) };
}

export function readQueue({ state }: Record<string, unknown>): { state?: JobState } {
  const known = JOB_STATES.find((each) => each === state);
  return known === undefined ? {} : { state: known };
}
