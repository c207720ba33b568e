import {
  parseJsonObject,
  parsePastDate,
  parseScopes,
  parseState,
  parseWholeNumber,
} from './option-parsers.js';

describe('options', () => {
  test('whole numbers within bounds', () => {
    const parse = parseWholeNumber(1, 99);
    expect(parse('7')).toBe(7);
    for (const text of ['0', '100', '-1', '1.5', '1e1', '0x10', '', ' 7', '99999999999']) {
      expect(() => parse(text)).toThrow(/whole number from 1 to 99/);
    }
  });

  test('scopes, in the order of the documentation and once each', () => {
    expect(parseScopes('admin, read,read')).toEqual(['read', 'admin']);
    for (const text of ['', 'root', 'read,', 'READ']) expect(() => parseScopes(text)).toThrow(/Scopes are/);
  });

  test('days that are over, by their end', () => {
    expect(parsePastDate('2026-01-31')).toEqual(new Date('2026-02-01T00:00:00Z'));
    for (const text of ['', '2026-1-31', '2026-02-31T00:00', '31.1.2026', '9999-12-31'])
      expect(() => parsePastDate(text)).toThrow(/day that is over/);
  });

  test('states', () => {
    expect(parseState('frozen')).toBe('frozen');
    expect(() => parseState('freeze')).toThrow(/on, frozen, off/);
  });

  test('JSON objects', () => {
    expect(parseJsonObject('{"a":1}')).toEqual({ a: 1 });
    for (const text of ['', '[1]', 'null', '1', '{a:1}'])
      expect(() => parseJsonObject(text)).toThrow(/JSON object/);
  });
});
