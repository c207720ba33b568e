import { createHash } from 'node:crypto';
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
    throw new InvalidInputError(
      'unknownTimeZone',
      `${JSON.stringify(timeZone)} is not an IANA time zone such as Europe/Berlin.`,
      [{ field: 'timeZone', code: 'unknownTimeZone', message: 'must be an IANA time zone' }],
    );
  }
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/**
 * The night that has begun last in a time zone. Where daylight saving skips the hour, the night begins at the first
 * moment after the gap; where the hour comes twice, at its first coming.
 */
export function currentNight(now: Date, timeZone: string, startsAtHour: number): Night {
  checkTimeZone(timeZone);
  const zone = IANAZone.create(timeZone);
  const local = DateTime.fromJSDate(now, { zone });
  const today = Date.UTC(local.year, local.month - 1, local.day);
  // Tomorrow's has begun when the clock was put back over midnight; yesterday's goes on until today's begins.
  for (let day = today + DAY_MS; ; day -= DAY_MS) {
    const startsAt = firstMoment(zone, day + startsAtHour * 60 * MINUTE_MS);
    if (startsAt <= now.getTime())
      return { date: new Date(day).toISOString().slice(0, 10), startsAt: new Date(startsAt) };
  }
}

/** Nights are spread over so long: enough that 4,000 of one time zone do not begin in one second, little before 06:00. */
export const NIGHT_JITTER_MS = 30 * MINUTE_MS;

/**
 * How long after its night has begun a tenant's run is planned: from 0 up to, not including, `spreadMs`. The same for a
 * tenant and night whoever asks; another one the next night, so that nobody is always last.
 */
export function nightJitterMs(tenantId: number, night: string, spreadMs: number): number {
  const hash = createHash('sha256').update(`${tenantId}/${night}`).digest();
  return Math.floor((hash.readUInt32BE(0) / 2 ** 32) * spreadMs);
}

/**
 * When the lists of a night are to be fresh: the first moment after its beginning at which the local clock shows the hour
 * or, where daylight saving skips it, a later one.
 */
export function nightDeadline(
  night: string,
  timeZone: string,
  startsAtHour: number,
  freshByHour: number,
): Date {
  checkTimeZone(timeZone);
  const day = Date.parse(night) + (freshByHour > startsAtHour ? 0 : DAY_MS);
  return new Date(firstMoment(IANAZone.create(timeZone), day + freshByHour * 60 * MINUTE_MS));
}

/** When the next night begins. */
export function nextNight(now: Date, timeZone: string, startsAtHour: number): Night {
  const { date } = currentNight(now, timeZone, startsAtHour);
  const day = Date.parse(`${date}T00:00:00Z`) + DAY_MS;
  const startsAt = firstMoment(IANAZone.create(timeZone), day + startsAtHour * 60 * MINUTE_MS);
  return { date: new Date(day).toISOString().slice(0, 10), startsAt: new Date(startsAt) };
}

/** Where and when a tenant's nights begin, and by when its lists are to be fresh. */
export interface NightSchedule {
  readonly timeZone: string;
  readonly nightStartsAtHour: number;
  readonly freshByHour: number;
}

/** What decides whether a night that has begun is still to be planned. */
export interface NightHistory {
  readonly createdAt: Date;
  /** When time zone or beginning were changed last. */
  readonly scheduleChangedAt: Date | undefined;
  /** The newest nights that have their run. */
  readonly nights: readonly string[];
}

/**
 * Whether a night belongs to the tenant: not the one in which it came, and none whose deadline had passed when its schedule became
 * what it is.
 */
function isPlanned(night: Night, schedule: NightSchedule, history: NightHistory): boolean {
  const { createdAt, scheduleChangedAt, nights } = history;
  if (nights.includes(night.date) || night.startsAt < createdAt) return false;
  if (scheduleChangedAt === undefined || night.startsAt >= scheduleChangedAt) return true;
  const { timeZone, nightStartsAtHour, freshByHour } = schedule;
  return nightDeadline(night.date, timeZone, nightStartsAtHour, freshByHour) > scheduleChangedAt;
}

/** When the planner will plan the tenant's next nightly run; `now` where it will do so at once. */
export function nextRunAt(tenantId: number, now: Date, schedule: NightSchedule, history: NightHistory): Date {
  const { timeZone, nightStartsAtHour } = schedule;
  let night = currentNight(now, timeZone, nightStartsAtHour);
  while (!isPlanned(night, schedule, history)) night = nextNight(night.startsAt, timeZone, nightStartsAtHour);
  const at = night.startsAt.getTime() + nightJitterMs(tenantId, night.date, NIGHT_JITTER_MS);
  return new Date(Math.max(at, now.getTime()));
}

/**
 * First instant at which the local clock shows `wall` or later.
 * @param wall what the clock shows, in milliseconds as if it were UTC
 */
function firstMoment(zone: IANAZone, wall: number): number {
  const offsetMs = (at: number) => zone.offset(at) * MINUTE_MS;
  const before = offsetMs(wall - DAY_MS);
  const after = offsetMs(wall + DAY_MS);
  const byOldClock = wall - before;
  if (offsetMs(byOldClock) === before) return byOldClock;
  const byNewClock = wall - after;
  if (offsetMs(byNewClock) === after) return byNewClock;
  // Neither clock ever shows it: the moment at which one gives way to the other lies in between.
  let [old, fresh] = [byNewClock, byOldClock];
  while (fresh - old > 1) {
    const middle = Math.floor((old + fresh) / 2);
    if (offsetMs(middle) === before) old = middle;
    else fresh = middle;
  }
  return fresh;
}
