/**
 * Worlds count whole days since 1970-01-01 in the tenant's standard time. All arithmetic is on UTC milliseconds plus a
 * fixed offset: nothing here asks the machine for its time zone or locale. Daylight saving is left out on purpose; opening
 * hours end early enough that an event stays on its calendar day with or without the extra hour.
 */
export const MS_PER_DAY = 86_400_000;
export const MS_PER_MINUTE = 60_000;
export const DAYS_PER_YEAR = 365.25;

export type Weekday = 0 | 1 | 2 | 3 | 4 | 5 | 6;

export function dayOf(date: Date, utcOffsetMinutes: number): number {
  return Math.floor((date.getTime() + utcOffsetMinutes * MS_PER_MINUTE) / MS_PER_DAY);
}

export function dayOfIso(isoDate: string): number {
  const day = Date.parse(`${isoDate}T00:00:00Z`) / MS_PER_DAY;
  if (!Number.isInteger(day)) throw new RangeError(`not a date of the form 2025-01-31: ${isoDate}`);
  return day;
}

export function dayOfYearMonth(year: number, monthOneBased: number, dayOfMonth: number): number {
  return Date.UTC(year, monthOneBased - 1, dayOfMonth) / MS_PER_DAY;
}

/** The instant at which the local day starts. */
export function startOfDay(day: number, utcOffsetMinutes: number): Date {
  return new Date(day * MS_PER_DAY - utcOffsetMinutes * MS_PER_MINUTE);
}

export function instantOf(day: number, minuteOfDay: number, utcOffsetMinutes: number): number {
  return day * MS_PER_DAY + Math.round((minuteOfDay - utcOffsetMinutes) * MS_PER_MINUTE);
}

/** 0 is Monday. 1970-01-01 was a Thursday. */
export function weekdayOf(day: number): Weekday {
  return ((((day + 3) % 7) + 7) % 7) as Weekday;
}

/** Weeks since Monday 1970-01-05 (negative before). */
export function weekOf(day: number): number {
  return Math.floor((day - 4) / 7);
}

export function firstDayOfWeek(week: number): number {
  return week * 7 + 4;
}

export function isoOfDay(day: number): string {
  return new Date(day * MS_PER_DAY).toISOString().slice(0, 10);
}
