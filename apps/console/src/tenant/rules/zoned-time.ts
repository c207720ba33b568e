const MINUTE_MS = 60_000;

const PARTS: Intl.DateTimeFormatOptions = {
  ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' },
  ...{ second: '2-digit', hourCycle: 'h23' },
};

/** How far a zone is ahead of UTC at a moment, in minutes. */
function offsetMinutes(at: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', { ...PARTS, timeZone }).formatToParts(at);
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  const local = Date.UTC(
    ...([of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second')] as const),
  );
  return Math.round((local - Math.floor(at / 1000) * 1000) / MINUTE_MS);
}

/** What a clock of the zone shows, as fields for date and time take it; '' for what is no moment. */
export function toWallTime(moment: string | undefined, timeZone: string): string {
  const at = moment === undefined ? NaN : Date.parse(moment);
  if (Number.isNaN(at)) return '';
  return new Date(at + offsetMinutes(at, timeZone) * MINUTE_MS).toISOString().slice(0, 16);
}

/**
 * The moment at which a clock of the zone shows this, with the zone's offset. A time that the change to summer time leaves out
 * becomes one as much later; of one that comes twice, the first is meant.
 * @param wallTime `2026-12-24T18:00`
 */
export function fromWallTime(wallTime: string, timeZone: string): string | undefined {
  const asUtc = /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(wallTime) ? Date.parse(`${wallTime}Z`) : NaN;
  if (Number.isNaN(asUtc)) return undefined;
  const day = 1_440 * MINUTE_MS;
  const [before, after] = [offsetMinutes(asUtc - day, timeZone), offsetMinutes(asUtc + day, timeZone)];
  const first = asUtc - before * MINUTE_MS;
  const offset =
    offsetMinutes(first, timeZone) === before
      ? before
      : offsetMinutes(asUtc - after * MINUTE_MS, timeZone) === after
        ? after
        : before;
  const at = asUtc - offset * MINUTE_MS;
  return withOffset(at, offsetMinutes(at, timeZone));
}

function withOffset(at: number, offset: number): string {
  const local = new Date(at + offset * MINUTE_MS).toISOString().slice(0, 19);
  const size = Math.abs(offset);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${local}${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}
