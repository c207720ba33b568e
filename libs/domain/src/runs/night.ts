import { DateTime, IANAZone } from 'luxon';
import { InvalidInputError } from '../errors/nightshift-error.js';

export interface Night {
  /** The tenant's local date, YYYY-MM-DD. */
  readonly date: string;
  readonly startsAt: Date;
}

/** @throws InvalidInputError `unknownTimeZone` */
export function checkTimeZone(timeZone: string): void {
  if (!IANAZone.isValidZone(timeZone)) {
    throw new InvalidInputError('unknownTimeZone', `${JSON.stringify(timeZone)} is not an IANA time zone such as Europe/Berlin.`, [
      { field: 'timeZone', code: 'unknownTimeZone', message: 'must be an IANA time zone' },
    ]);
  }
}

/**
 * The night that has begun last in a time zone. Where daylight saving skips the hour, the night begins at the first
 * moment after the gap; where the hour comes twice, at its first coming.
 */
export function currentNight(now: Date, timeZone: string, startsAtHour: number): Night {
  const local = DateTime.fromJSDate(now, { zone: timeZone });
  const today = nightOf(local, startsAtHour);
  return today.startsAt.getTime() <= now.getTime() ? today : nightOf(local.minus({ days: 1 }), startsAtHour);
}

function nightOf(local: DateTime, startsAtHour: number): Night {
  const dayStart = local.startOf('day');
  let start = dayStart.set({ hour: startsAtHour });
  if (start.hour !== startsAtHour) {
    // The hour does not exist on this day: luxon has moved past the gap; go back to its first moment.
    start = start.startOf('hour');
  } else {
    const earlier = start.minus({ hours: 1 });
    if (earlier.hour === startsAtHour && earlier.hasSame(start, 'day')) start = earlier;
  }
  return { date: local.toISODate() ?? '', startsAt: start.toJSDate() };
}
