import { DateTime } from 'luxon';
import { TimestampParser } from './parse-timestamp.js';

const iso = (epochMs: number): string => new Date(epochMs).toISOString();

describe('TimestampParser', () => {
  const london = new TimestampParser('iso', 'Europe/London');

  it.each([
    ['2010-12-01 08:26:00', '2010-12-01T08:26:00.000Z'],
    ['2011-06-01 08:26:00', '2011-06-01T07:26:00.000Z'],
    ['2011-06-01T08:26', '2011-06-01T07:26:00.000Z'],
    ['2011-06-01', '2011-05-31T23:00:00.000Z'],
    ['2011-06-01T08:26:00.123456Z', '2011-06-01T08:26:00.123Z'],
    ['2011-06-01T08:26:00+05:30', '2011-06-01T02:56:00.000Z'],
    ['2011-06-01 08:26:00 -0330', '2011-06-01T11:56:00.000Z'],
    ['2011-06-01T08:26:00+02', '2011-06-01T06:26:00.000Z'],
  ])('reads %s', (text, expected) => {
    expect(iso(london.parse(text))).toBe(expected);
    expect(iso(london.parse(text))).toBe(expected);
  });

  it.each([
    '',
    'yesterday',
    '01/12/2010 08:26',
    '2011-02-30',
    '2011-13-01',
    '2011-00-10',
    '2011-01-01 24:00',
    '2011-01-01 10:60',
    '20110101',
    '1011-01-01',
    '9999-01-01',
  ])('refuses %j', (text) => {
    expect(london.parse(text)).toBeNaN();
  });

  it('moves a wall clock reading that the spring skipped forward, and takes the first of a doubled hour', () => {
    expect(iso(london.parse('2011-03-27 01:30:00'))).toBe('2011-03-27T01:30:00.000Z');
    expect(iso(london.parse('2011-10-30 01:30:00'))).toBe('2011-10-30T00:30:00.000Z');
  });

  it.each([
    'Europe/London',
    'America/St_Johns',
    'Asia/Kathmandu',
    'Australia/Lord_Howe',
    'America/Sao_Paulo',
  ])('gives the instant at which the clock first showed it, all year round in %s', (zone) => {
    const parser = new TimestampParser('iso', zone);
    const offsetAt = (day: number) => DateTime.utc(2012, 1, 1).plus({ days: day }).setZone(zone).offset;
    const isNearChange = (minute: number) => {
      const day = Math.floor(minute / (24 * 60));
      return offsetAt(day - 1) !== offsetAt(day + 2);
    };
    for (let minute = 0; minute < 366 * 24 * 60; minute += isNearChange(minute) ? 7 : 607) {
      const text = DateTime.utc(2012, 1, 1).plus({ minutes: minute }).toFormat('yyyy-MM-dd HH:mm:ss');
      const instant = DateTime.fromMillis(parser.parse(text), { zone });
      const skipped = instant.toFormat('yyyy-MM-dd HH:mm:ss') !== text;
      // Luxon moves a skipped reading forward too, and never gives an instant before the first.
      const luxon = DateTime.fromFormat(text, 'yyyy-MM-dd HH:mm:ss', { zone });
      if (skipped ? instant.toMillis() !== luxon.toMillis() : instant > luxon)
        throw new Error(`${text} in ${zone}: ${instant.toISO()}`);
    }
  });

  it('reads formats of its own', () => {
    const american = new TimestampParser('M/d/yyyy h:mm a', 'America/New_York');
    expect(iso(american.parse('12/1/2010 8:26 PM'))).toBe('2010-12-02T01:26:00.000Z');
    expect(american.parse('2010-12-01')).toBeNaN();
    const withOffset = new TimestampParser("dd.MM.yyyy 'um' HH:mm ZZ", 'America/New_York');
    expect(iso(withOffset.parse('01.12.2010 um 08:26 +01:00'))).toBe('2010-12-01T07:26:00.000Z');
  });

  it('reads epochs, as text and as numbers', () => {
    const seconds = new TimestampParser('epochSeconds', 'UTC');
    expect(iso(seconds.parse('1291191960.5'))).toBe('2010-12-01T08:26:00.500Z');
    expect(iso(seconds.fromNumber(1291191960))).toBe('2010-12-01T08:26:00.000Z');
    expect(seconds.parse('1291191960000')).toBeNaN();
    expect(iso(new TimestampParser('epochMilliseconds', 'UTC').parse('1291191960000'))).toBe(
      '2010-12-01T08:26:00.000Z',
    );
    expect(new TimestampParser('iso', 'UTC').fromNumber(1291191960000)).toBeNaN();
  });
});
