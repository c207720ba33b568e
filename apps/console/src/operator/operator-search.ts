/** What addresses of the operator's pages carry. */
export const RATE_GROUPS = ['all', 'template', 'size', 'age'] as const;
export const RUN_CHOICES = ['all', 'failed', 'late', 'running', 'queued'] as const;
export type RateGroup = (typeof RATE_GROUPS)[number];
export type RunChoice = (typeof RUN_CHOICES)[number];

export function readRates({ by }: Record<string, unknown>): { by?: RateGroup } {
  const group = RATE_GROUPS.find((each) => each === by);
  return group === undefined ? {} : { by: group };
}

export function readWork({ runs }: Record<string, unknown>): { runs?: RunChoice } {
  const choice = RUN_CHOICES.find((each) => each === runs);
  return choice === undefined ? {} : { runs: choice };
}
