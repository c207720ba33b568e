import type { DailyCounts } from '../attribution/daily-kpis.js';
import { addDays } from '../attribution/days-to-attribute.js';
import { percent, type TriggerReason } from './trigger-reason.js';

/** Whole weeks on both sides, so that no weekday weighs more on one of them. */
export const RECENT_DAYS = 7;
export const PAST_DAYS = 28;
/** Evidence: days on which fewer products were shown say nothing, and so many days of the others there must be. */
const FEWEST_SHOWN = 20;
const FEWEST_RECENT_DAYS = 5;
const FEWEST_PAST_DAYS = 14;
/** One-sided 1 %, as a quantile of the normal distribution. */
export const RANK_LIMIT = -2.326;

/**
 * Of the products shown on a day, what share led to something. Purchases count on their own day: on the day of showing, the
 * last two weeks would look worse than they are, because their window is still open.
 */
export function responseRate({ shown, clicked, accepted, attributedPurchases }: DailyCounts): number {
  return (clicked + accepted + attributedPurchases) / shown;
}

/**
 * Whether recommendations have done worse in the last week than in the four weeks before: by at least `drop` of what they
 * did, and by more than the days' own ups and downs explain. The latter is asked of the days' ranks (Mann and Whitney, 1947):
 * customers of a day are not independent, so days are what is counted, and one odd day weighs no more than its place.
 * @param today the tenant's local date; it is not over and does not count
 * @param since no day before it is recent: after a run, the days that led to it are past
 */
export function degradationReason(
  days: readonly DailyCounts[],
  today: string,
  drop: number,
  since = '0000-01-01',
): TriggerReason | undefined {
  if (drop <= 0) return undefined;
  const firstRecent = [addDays(today, -RECENT_DAYS), since].sort()[1];
  const firstPast = addDays(today, -RECENT_DAYS - PAST_DAYS);
  const telling = days.filter(({ shown }) => shown >= FEWEST_SHOWN);
  const recent = telling.filter(({ day }) => day >= firstRecent && day < today);
  const past = telling.filter(({ day }) => day >= firstPast && day < addDays(today, -RECENT_DAYS));
  if (recent.length < FEWEST_RECENT_DAYS || past.length < FEWEST_PAST_DAYS) return undefined;
  const [now, before] = [rateOf(recent), rateOf(past)];
  const z = rankStatistic(recent.map(responseRate), past.map(responseRate));
  if (!(now <= (1 - drop) * before && z <= RANK_LIMIT)) return undefined;
  return {
    trigger: 'degradation',
    sentence: `In the last ${RECENT_DAYS} days ${percent(now, 1)} of the products shown led to something, in the ${PAST_DAYS} days before ${percent(before, 1)}: more than chance explains.`,
    figures: {
      ...{ responseRate: now, responseRateBefore: before, recentDays: recent.length, pastDays: past.length },
      ...{ rankStatistic: z, limitRankStatistic: RANK_LIMIT, limitDrop: drop },
    },
  };
}

/** All products shown on these days together. */
function rateOf(days: readonly DailyCounts[]): number {
  const sum = (of: (day: DailyCounts) => number) => days.reduce((total, day) => total + of(day), 0);
  return sum((day) => responseRate(day) * day.shown) / sum(({ shown }) => shown);
}

/**
 * Mann and Whitney's U as a standard normal value, corrected for continuity and for ties; far below 0 where `recent` lies below
 * `past`. 0 where all values are the same.
 */
export function rankStatistic(recent: readonly number[], past: readonly number[]): number {
  let wins = 0;
  for (const a of recent) for (const b of past) wins += a > b ? 1 : a === b ? 0.5 : 0;
  const [n, m] = [recent.length, past.length];
  const counts = new Map<number, number>();
  for (const value of [...recent, ...past]) counts.set(value, (counts.get(value) ?? 0) + 1);
  const ties = [...counts.values()].reduce((sum, t) => sum + t ** 3 - t, 0);
  const all = n + m;
  const variance = ((n * m) / 12) * (all + 1 - ties / (all * (all - 1)));
  const distance = wins - (n * m) / 2;
  if (variance === 0 || Math.abs(distance) <= 0.5) return 0;
  return (distance - 0.5 * Math.sign(distance)) / Math.sqrt(variance);
}
