import { NumberParser } from './parse-number.js';

describe('NumberParser', () => {
  it.each([
    ['6', 6],
    ['-12', -12],
    ['+0.5', 0.5],
    ['.5', 0.5],
    ['3.', 3],
    ['1e3', 1000],
    ['-11062.06', -11062.06],
  ])('reads %s', (text, expected) => {
    expect(new NumberParser().parse(text)).toBe(expected);
  });

  it.each(['', 'abc', '1,5', '0x10', '1 000', '--1', '1.2.3', '12 pieces', '٣'])('refuses %j', (text) => {
    expect(new NumberParser().parse(text)).toBe('notANumber');
  });

  it.each(['NaN', '-Infinity', 'inf', '1e999'])('knows that %s is not finite', (text) => {
    expect(new NumberParser().parse(text)).toBe('notFinite');
  });

  it('reads decimal commas and points for thousands', () => {
    const german = new NumberParser(',', '.');
    expect(german.parse('1.234.567,89')).toBe(1_234_567.89);
    expect(german.parse('-0,5')).toBe(-0.5);
    // 1.5 would be 15 if every point were dropped.
    expect(german.parse('1.5')).toBe('notANumber');
    expect(new NumberParser(',').parse('1.5')).toBe('notANumber');
  });

  it('reads blanks, also narrow ones, and apostrophes for thousands', () => {
    expect(new NumberParser('.', ' ').parse('1\u202f234\u00a0567.5')).toBe(1_234_567.5);
    expect(new NumberParser('.', "'").parse("1'234.5")).toBe(1234.5);
  });

  it('changes units without rounding twice', () => {
    expect(new NumberParser('.', undefined, 0.01).parse('1999')).toBe(19.99);
    expect(new NumberParser('.', undefined, 0.001).scale(1)).toBe(0.001);
    expect(new NumberParser('.', undefined, 1.1).parse('3')).toBe(3.3);
    expect(new NumberParser('.', undefined, 1000).parse('1e307')).toBe('notFinite');
  });
});
