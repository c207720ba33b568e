/** First and last local date of something. */
export interface DayRange {
  readonly first: string;
  readonly last: string;
}

/** On which days something was recorded that no attribution has seen. */
export interface ChangedDays {
  /** Impressions, outcomes and answers. */
  readonly feedback: DayRange | undefined;
  /** Purchases that files brought. */
  readonly imported: DayRange | undefined;
}

/** A window counts hours, and a day of the change of clocks has more of them. */
const SLACK_DAYS = 1;

/**
 * Days whose numbers may have changed: those of the events themselves; before them, days on which was shown what is now known
 * to be bought; after them, days of purchases that now find what showed the product.
 * @param firstDay of any feedback: earlier purchases have nothing to be tied to
 */
export function daysToAttribute(
  changed: ChangedDays,
  firstDay: string,
  windowDays: number,
): DayRange | undefined {
  const ranges = [changed.feedback, changed.imported].filter((range) => range !== undefined);
  const relevant = ranges.filter(({ last }) => last >= firstDay);
  if (relevant.length === 0) return undefined;
  const firsts = relevant.map(({ first }) => (first < firstDay ? firstDay : first)).sort();
  const lasts = relevant.map(({ last }) => last).sort();
  const first = addDays(firsts[0], -windowDays - SLACK_DAYS);
  const last = addDays(lasts[lasts.length - 1], windowDays + SLACK_DAYS);
  return { first: first < firstDay ? firstDay : first, last };
}

/** The days whose events decide about a range: before it for what was shown, behind it for what was bought. */
export function daysAround({ first, last }: DayRange, windowDays: number): DayRange {
  return {
    first: addDays(first, -windowDays - SLACK_DAYS),
    last: addDays(last, windowDays + SLACK_DAYS),
  };
}

export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}
