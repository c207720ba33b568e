import { LRUCache } from 'lru-cache';
import { DateTime, IANAZone } from 'luxon';

const ISO =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?\s?(Z|z|[+-]\d\d(?::?\d\d)?)?$/;
const EPOCH = /^-?\d{1,16}(?:\.\d{1,9})?$/;
const QUARTER_MS = 15 * 60_000;
// The range that both JavaScript and timestamptz can hold and that any shop's history fits in.
const EARLIEST = Date.UTC(1900, 0, 1);
const LATEST = Date.UTC(2200, 0, 1);
const CACHED_DATES = 20_000;

/** Luxon tokens of offsets, zones and epochs: such a date needs no zone of the mapping's. */
const ABSOLUTE_TOKEN = /[ZzXx]/;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** The offset of a zone changes on quarters of an hour only, so one look-up per local quarter is enough. */
class LocalZone {
  private readonly offsets = new LRUCache<number, number>({ max: 50_000 });
  private readonly zone: IANAZone;

  constructor(name: string) {
    this.zone = IANAZone.create(name);
  }

  /** Milliseconds since 1970 of a wall clock reading given as if it were UTC. */
  toEpoch(wallClock: number): number {
    const quarter = Math.floor(wallClock / QUARTER_MS);
    let offset = this.offsets.get(quarter);
    if (offset === undefined) {
      offset = this.offsetAt(quarter * QUARTER_MS);
      this.offsets.set(quarter, offset);
    }
    return wallClock - offset;
  }

  /** Of an hour that autumn repeats, the first; what spring skips moves forward by the hour. Luxon leaves both open. */
  private offsetAt(wallClock: number): number {
    const before = this.zone.offset(wallClock - DAY_MS) * MINUTE_MS;
    const after = this.zone.offset(wallClock + DAY_MS) * MINUTE_MS;
    if (this.zone.offset(wallClock - before) * MINUTE_MS === before) return before;
    return this.zone.offset(wallClock - after) * MINUTE_MS === after ? after : before;
  }
}

/** Reads the dates of one column; compiled once, with the answers of repeated texts kept. */
export class TimestampParser {
  private readonly zone: LocalZone | undefined;
  private readonly cache = new LRUCache<string, number>({ max: CACHED_DATES });
  private readonly lookUp: (text: string) => number;
  private lastText = '';
  private lastValue = NaN;

  constructor(
    private readonly format: string,
    timeZone: string,
  ) {
    this.zone = timeZone === 'UTC' ? undefined : new LocalZone(timeZone);
    this.lookUp = this.chooseLookUp();
  }

  /** Epoch milliseconds, or NaN when the text is no date of this format. */
  parse(text: string): number {
    // Files are mostly sorted by time, so the same text comes many times in a row.
    if (text === this.lastText) return this.lastValue;
    let value = this.cache.get(text);
    if (value === undefined) {
      value = inRange(this.lookUp(text));
      // A slice of a chunk would keep the whole chunk alive in the cache: store a copy.
      if (text.length <= 64) this.cache.set(detached(text), value);
    }
    this.lastText = text.length <= 64 ? text : '';
    this.lastValue = value;
    return value;
  }

  /** Numbers of a typed file: epochs, in milliseconds unless the format says seconds. */
  fromNumber(value: number): number {
    if (this.format === 'epochSeconds') return inRange(value * 1000);
    return this.format === 'epochMilliseconds' ? inRange(value) : NaN;
  }

  fromDate(value: Date): number {
    return inRange(value.getTime());
  }

  private chooseLookUp(): (text: string) => number {
    if (this.format === 'iso') return (text) => this.parseIso(text);
    if (this.format === 'epochSeconds')
      return (text) => (EPOCH.test(text) ? Math.round(Number(text) * 1000) : NaN);
    if (this.format === 'epochMilliseconds')
      return (text) => (EPOCH.test(text) ? Math.round(Number(text)) : NaN);
    const parser = DateTime.buildFormatParser(this.format, { locale: 'en' });
    const absolute = ABSOLUTE_TOKEN.test(this.format.replace(/'[^']*'/g, ''));
    return (text) => {
      const read = DateTime.fromFormatParser(text, parser, { zone: 'utc', locale: 'en' }).toMillis();
      return absolute || this.zone === undefined || Number.isNaN(read) ? read : this.zone.toEpoch(read);
    };
  }

  private parseIso(text: string): number {
    const match = ISO.exec(text);
    if (match === null) return NaN;
    const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', offset] = match;
    if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return NaN;
    const date = Date.UTC(Number(year), Number(month) - 1, Number(day));
    // 2011-02-30 would roll over into March: no date of any calendar.
    if (new Date(date).getUTCDate() !== Number(day) || Number(month) > 12 || month === '00') return NaN;
    const milliseconds = fraction === '' ? 0 : Math.floor(Number(`0.${fraction}`) * 1000 + 1e-6);
    const wallClock =
      date + Number(hour) * 3_600_000 + Number(minute) * 60_000 + Number(second) * 1000 + milliseconds;
    if (offset !== undefined) return wallClock - offsetMs(offset);
    return this.zone === undefined ? wallClock : this.zone.toEpoch(wallClock);
  }
}

function offsetMs(offset: string): number {
  if (offset === 'Z' || offset === 'z') return 0;
  const minutes = Number(offset.slice(1, 3)) * 60 + (offset.length > 3 ? Number(offset.slice(-2)) : 0);
  return (offset.startsWith('-') ? -minutes : minutes) * 60_000;
}

const inRange = (epochMs: number): number => (epochMs >= EARLIEST && epochMs < LATEST ? epochMs : NaN);

/** A copy that does not keep the string it was cut from in memory. */
export function detached(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}
