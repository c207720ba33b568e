import fc from 'fast-check';
import {
  checkTimeZone,
  currentNight,
  nextNight,
  nextRunAt,
  NIGHT_JITTER_MS,
  nightDeadline,
  nightJitterMs,
} from './night.js';

const HOUR_MS = 3_600_000;
const night = (now: string, zone: string, hour = 0) => {
  const { date, startsAt } = currentNight(new Date(now), zone, hour);
  return { date, startsAt: startsAt.toISOString() };
};

describe('checkTimeZone', () => {
  it.each(['Europe/Berlin', 'Asia/Kathmandu', 'Pacific/Kiritimati', 'UTC'])('takes %s', (zone) => {
    expect(() => checkTimeZone(zone)).not.toThrow();
  });

  it.each(['', 'Berlin', 'Europe/Nowhere', 'local', "x'; DROP"])('refuses %j, naming the field', (zone) => {
    expect(() => checkTimeZone(zone)).toThrow(
      expect.objectContaining({
        code: 'unknownTimeZone',
        details: { fields: [expect.objectContaining({ field: 'timeZone' })] },
      }),
    );
  });
});

describe('currentNight on an ordinary day', () => {
  it('begins at local midnight', () => {
    expect(night('2026-11-21T03:00:00Z', 'Europe/Berlin')).toEqual({
      date: '2026-11-21',
      startsAt: '2026-11-20T23:00:00.000Z',
    });
  });

  it('is yesterday’s until the hour strikes, and today’s at that very moment', () => {
    expect(night('2026-11-21T00:59:59.999Z', 'Europe/Berlin', 2).date).toBe('2026-11-20');
    expect(night('2026-11-21T01:00:00.000Z', 'Europe/Berlin', 2)).toEqual({
      date: '2026-11-21',
      startsAt: '2026-11-21T01:00:00.000Z',
    });
  });

  it('has two dates at once at the two ends of the world', () => {
    expect(night('2026-11-21T10:30:00Z', 'Pacific/Kiritimati')).toEqual({
      date: '2026-11-22',
      startsAt: '2026-11-21T10:00:00.000Z',
    });
    expect(night('2026-11-21T10:30:00Z', 'Pacific/Pago_Pago')).toEqual({
      date: '2026-11-20',
      startsAt: '2026-11-20T11:00:00.000Z',
    });
  });

  it.each([
    ['Asia/Kolkata', '18:30'],
    ['Asia/Kathmandu', '18:15'],
    ['Australia/Eucla', '15:15'],
  ])('knows zones beside the full hour: %s', (zone, utc) => {
    expect(night('2026-11-21T12:00:00Z', zone)).toEqual({
      date: '2026-11-21',
      startsAt: `2026-11-20T${utc}:00.000Z`,
    });
  });

  it('refuses a zone that nobody knows instead of planning a night without a date', () => {
    expect(() => currentNight(new Date(), 'Mars/Olympus', 0)).toThrow(
      expect.objectContaining({ code: 'unknownTimeZone' }),
    );
  });
});

describe('currentNight where the clock is put forward', () => {
  it.each([
    // Midnight itself does not exist.
    ['America/Havana', '2026-03-08', '2026-03-08T05:00:00.000Z'],
    ['Africa/Cairo', '2026-04-24', '2026-04-23T22:00:00.000Z'],
    ['Asia/Beirut', '2026-03-29', '2026-03-28T22:00:00.000Z'],
    ['America/Santiago', '2026-09-06', '2026-09-06T04:00:00.000Z'],
    ['Atlantic/Azores', '2026-03-29', '2026-03-29T01:00:00.000Z'],
  ])('%s: begins after the gap at midnight', (zone, date, startsAt) => {
    const moment = new Date(startsAt).getTime();
    expect(night(startsAt, zone)).toEqual({ date, startsAt });
    expect(currentNight(new Date(moment - 1), zone, 0).date < date).toBe(true);
    expect(currentNight(new Date(moment + 5 * HOUR_MS), zone, 0).date).toBe(date);
  });

  it('begins after the gap when the tenant’s own hour is skipped', () => {
    expect(night('2026-03-29T12:00:00Z', 'Europe/Berlin', 2)).toEqual({
      date: '2026-03-29',
      startsAt: '2026-03-29T01:00:00.000Z',
    });
  });

  it('begins after a gap of half an hour (Lord Howe) and of two hours (Troll), at its end', () => {
    expect(night('2026-10-04T12:00:00Z', 'Australia/Lord_Howe', 2).startsAt).toBe('2026-10-03T15:30:00.000Z');
    expect(night('2026-03-29T12:00:00Z', 'Antarctica/Troll', 1).startsAt).toBe('2026-03-29T01:00:00.000Z');
    expect(night('2026-03-29T12:00:00Z', 'Antarctica/Troll', 2).startsAt).toBe('2026-03-29T01:00:00.000Z');
  });

  it('keeps its date when the gap reaches into the next day (Nuuk, 23:00 is followed by 00:00)', () => {
    expect(night('2026-03-29T01:00:00Z', 'America/Nuuk', 23)).toEqual({
      date: '2026-03-28',
      startsAt: '2026-03-29T01:00:00.000Z',
    });
  });
});

describe('currentNight where the clock is put back', () => {
  it('begins at the first coming of the hour', () => {
    expect(night('2026-10-25T12:00:00Z', 'Europe/Berlin', 2).startsAt).toBe('2026-10-25T00:00:00.000Z');
    expect(night('2026-10-25T00:30:00Z', 'Europe/Berlin', 2).date).toBe('2026-10-25');
    expect(night('2026-10-25T01:30:00Z', 'Europe/Berlin', 2)).toEqual(
      night('2026-10-25T00:30:00Z', 'Europe/Berlin', 2),
    );
  });

  it('begins once where midnight comes twice on the same day', () => {
    expect(night('2026-11-01T12:00:00Z', 'America/Havana')).toEqual({
      date: '2026-11-01',
      startsAt: '2026-11-01T04:00:00.000Z',
    });
    expect(night('2026-10-25T12:00:00Z', 'Atlantic/Azores').startsAt).toBe('2026-10-25T00:00:00.000Z');
  });

  it('begins at the first of two hours that both come twice (Troll)', () => {
    expect(night('2026-10-25T12:00:00Z', 'Antarctica/Troll', 1).startsAt).toBe('2026-10-24T23:00:00.000Z');
    expect(night('2026-10-25T12:00:00Z', 'Antarctica/Troll', 2).startsAt).toBe('2026-10-25T00:00:00.000Z');
  });

  it('is not taken back when the clock goes back over midnight (St. John’s until 2011, at 00:01)', () => {
    expect(night('2010-11-07T02:30:30Z', 'America/St_Johns').date).toBe('2010-11-07');
    expect(night('2010-11-07T03:00:00Z', 'America/St_Johns').date).toBe('2010-11-07');
  });
});

describe('every night of every zone', () => {
  const zones = fc.constantFrom(...Intl.supportedValuesOf('timeZone'), 'America/Nuuk', 'Antarctica/Troll');
  const moments = fc.date({
    min: new Date('2020-01-01Z'),
    max: new Date('2036-12-31Z'),
    noInvalidDate: true,
  });
  const hours = fc.integer({ min: 0, max: 23 });

  /** The local clock as the platform itself tells it: "YYYY-MM-DDTHH". */
  function clockOf(zone: string): (at: number) => string {
    const format = new Intl.DateTimeFormat('sv-SE', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
    });
    return (at) => format.format(at).replace(' ', 'T');
  }

  it('has begun, and begins at the first moment at which the clock has reached the hour', () => {
    fc.assert(
      fc.property(moments, zones, hours, (now, zone, hour) => {
        const { date, startsAt } = currentNight(now, zone, hour);
        const clock = clockOf(zone);
        const wanted = `${date}T${String(hour).padStart(2, '0')}`;
        expect(startsAt.getTime()).toBeLessThanOrEqual(now.getTime());
        expect(clock(startsAt.getTime()) >= wanted).toBe(true);
        for (let quarter = 0; quarter < 16; quarter++) {
          expect(clock(startsAt.getTime() - 1 - (quarter * HOUR_MS) / 4) < wanted).toBe(true);
        }
      }),
      { numRuns: 400, seed: 1 },
    );
  });

  it('is followed by the night of the next date, 22 to 26 hours later, without a gap or a repeat', () => {
    fc.assert(
      fc.property(moments, zones, hours, (now, zone, hour) => {
        const first = currentNight(now, zone, hour);
        const second = currentNight(new Date(first.startsAt.getTime() + 26 * HOUR_MS + 1), zone, hour);
        const beforeSecond = currentNight(new Date(second.startsAt.getTime() - 1), zone, hour);
        expect(Date.parse(second.date) - Date.parse(first.date)).toBe(24 * HOUR_MS);
        expect(beforeSecond).toEqual(first);
        expect(second.startsAt.getTime()).toBeGreaterThan(now.getTime());
        expect(second.startsAt.getTime() - first.startsAt.getTime()).toBeGreaterThanOrEqual(22 * HOUR_MS);
      }),
      { numRuns: 400, seed: 2 },
    );
  });
});

describe('nightJitterMs', () => {
  const SPREAD_MS = 30 * 60_000;

  it('is the same for a tenant and a night, and another one the next night', () => {
    expect(nightJitterMs(7, '2026-11-21', SPREAD_MS)).toBe(nightJitterMs(7, '2026-11-21', SPREAD_MS));
    expect(nightJitterMs(7, '2026-11-21', SPREAD_MS)).not.toBe(nightJitterMs(7, '2026-11-22', SPREAD_MS));
    expect(nightJitterMs(7, '2026-11-21', 0)).toBe(0);
  });

  it('is the first 32 bits of SHA-256 as a share of the spread', () => {
    // printf 7/2026-11-21 | sha256sum | cut -c1-8
    expect(nightJitterMs(7, '2026-11-21', 2 ** 32)).toBe(1565178708);
  });

  it('spreads 4,000 tenants evenly: every minute of the thirty gets between 90 and 180', () => {
    const minutes = new Array<number>(30).fill(0);
    for (let id = 1; id <= 4_000; id++)
      minutes[Math.floor(nightJitterMs(id, '2026-11-21', SPREAD_MS) / 60_000)]++;
    expect(Math.min(...minutes)).toBeGreaterThan(90);
    expect(Math.max(...minutes)).toBeLessThan(180);
  });
});

describe('nightDeadline', () => {
  const deadline = (date: string, zone: string, hour = 0, freshBy = 6) =>
    nightDeadline(date, zone, hour, freshBy).toISOString();

  it('is 06:00 by the local clock of the night’s morning', () => {
    expect(deadline('2026-11-21', 'Europe/Berlin')).toBe('2026-11-21T05:00:00.000Z');
    expect(deadline('2026-11-21', 'Asia/Kathmandu')).toBe('2026-11-21T00:15:00.000Z');
  });

  it('is of the next day where the night begins before midnight, or at that very hour', () => {
    expect(deadline('2026-11-21', 'Europe/Berlin', 22)).toBe('2026-11-22T05:00:00.000Z');
    expect(deadline('2026-11-21', 'Europe/Berlin', 6)).toBe('2026-11-22T05:00:00.000Z');
  });

  it('comes an hour earlier after the clock was put forward, and an hour later after it was put back', () => {
    expect(deadline('2026-03-29', 'Europe/Berlin')).toBe('2026-03-29T04:00:00.000Z');
    expect(deadline('2026-10-25', 'Europe/Berlin')).toBe('2026-10-25T05:00:00.000Z');
  });

  it('is the moment after the gap where daylight saving skips the hour', () => {
    expect(deadline('2026-03-29', 'Europe/Berlin', 0, 2)).toBe('2026-03-29T01:00:00.000Z');
  });
});

describe('nextNight', () => {
  const next = (now: string, zone: string, hour = 0) => {
    const { date, startsAt } = nextNight(new Date(now), zone, hour);
    return [date, startsAt.toISOString()];
  };

  it.each([
    ['in the evening', '2026-11-21T20:00:00Z', 'Europe/Berlin', 0, '2026-11-22', '2026-11-21T23:00:00.000Z'],
    [
      'at the very moment',
      '2026-11-20T23:00:00Z',
      'Europe/Berlin',
      0,
      '2026-11-22',
      '2026-11-21T23:00:00.000Z',
    ],
    ['a moment before', '2026-11-20T22:59:59Z', 'Europe/Berlin', 0, '2026-11-21', '2026-11-20T23:00:00.000Z'],
    [
      'over the gap of spring',
      '2026-03-28T12:00:00Z',
      'Europe/Berlin',
      2,
      '2026-03-29',
      '2026-03-29T01:00:00.000Z',
    ],
    [
      'over the hour that comes twice',
      '2026-10-24T12:00:00Z',
      'Europe/Berlin',
      2,
      '2026-10-25',
      '2026-10-25T00:00:00.000Z',
    ],
  ])('%s', (_name, now, zone, hour, date, startsAt) => {
    expect(next(now, zone, hour)).toEqual([date, startsAt]);
  });

  it('is the current night once it has come', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('2020-01-01'), max: new Date('2030-01-01'), noInvalidDate: true }),
        (now) => {
          const coming = nextNight(now, 'America/New_York', 3);
          expect(coming.startsAt.getTime()).toBeGreaterThan(now.getTime());
          expect(currentNight(coming.startsAt, 'America/New_York', 3)).toEqual(coming);
        },
      ),
    );
  });
});

describe('nextRunAt', () => {
  const UTC = { timeZone: 'UTC', nightStartsAtHour: 0, freshByHour: 6 };
  const LONG_AGO = { createdAt: new Date('2026-01-01T00:00:00Z'), scheduleChangedAt: undefined };
  const at = (now: string, nights: string[], schedule = UTC, changedAt?: string) => {
    const scheduleChangedAt = changedAt === undefined ? undefined : new Date(changedAt);
    return nextRunAt(7, new Date(now), schedule, { ...LONG_AGO, scheduleChangedAt, nights }).toISOString();
  };
  const start = (night: string, hour = 0) =>
    new Date(Date.parse(night) + hour * 3_600_000 + nightJitterMs(7, night, NIGHT_JITTER_MS)).toISOString();

  it('is the beginning of the night and the tenant’s own share of its first half hour', () => {
    expect(at('2026-11-20T20:00:00Z', ['2026-11-20'])).toBe(start('2026-11-21'));
    expect(at('2026-11-21T20:00:00Z', ['2026-11-21', '2026-11-20'])).toBe(start('2026-11-22'));
  });

  it('is still tonight’s while the night has begun and the tenant’s share has not passed', () => {
    const tonight = start('2026-11-21');
    const before = new Date(Date.parse(tonight) - 1).toISOString();
    expect(at(before, ['2026-11-20'])).toBe(tonight);
  });

  it('is at once for a night that the planner has yet to see', () => {
    expect(at('2026-11-21T05:00:00Z', ['2026-11-20'])).toBe('2026-11-21T05:00:00.000Z');
  });

  it('is the night after for a tenant that came tonight', () => {
    const history = { createdAt: new Date('2026-11-21T01:00:00Z'), scheduleChangedAt: undefined, nights: [] };
    expect(nextRunAt(7, new Date('2026-11-21T02:00:00Z'), UTC, history).toISOString()).toBe(
      start('2026-11-22'),
    );
  });

  it('leaves out the night of a date that has had its run before the beginning was moved', () => {
    // At midnight of the 21st, then moved to 22:00: the 21st is done, the 22nd begins at 22:00.
    const late = { ...UTC, nightStartsAtHour: 22 };
    const now = '2026-11-21T12:00:00Z';
    expect(at(now, ['2026-11-21'], late, now)).toBe(start('2026-11-22', 22));
  });

  it('does not make up for a night whose deadline had passed when the beginning was moved', () => {
    // At 22:00 of the 20th, then at noon moved to midnight: the 21st would be late before it began.
    const now = '2026-11-21T12:00:00Z';
    expect(at(now, ['2026-11-20'], UTC, now)).toBe(start('2026-11-22'));
    const early = '2026-11-21T03:00:00Z';
    expect(at(early, ['2026-11-20'], UTC, early)).toBe('2026-11-21T03:00:00.000Z');
  });

  it('goes back a date with the time zone, and not to a night that was made', () => {
    const honolulu = { ...UTC, timeZone: 'Pacific/Honolulu' };
    const now = '2026-11-21T11:00:00Z';
    expect(at(now, ['2026-11-21', '2026-11-20'], honolulu, now)).toBe(
      new Date(Date.parse(start('2026-11-22')) + 10 * 3_600_000).toISOString(),
    );
  });
});
