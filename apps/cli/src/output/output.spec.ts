import { Writable } from 'node:stream';
import { ConflictError, InvalidInputError } from '#libs/domain';
import { describeError } from './describe-error.js';
import { ConsoleOutput } from './output.js';

class Sink extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

describe('output', () => {
  const head = ['tenant', 'customers', 'since', 'champion'];
  const rows = [['acme', 1234, new Date('2026-11-21T01:02:03Z'), null]];

  test('is a table for people', () => {
    const [stdout, stderr] = [new Sink(), new Sink()];
    new ConsoleOutput(false, stdout, stderr).show({ a: 1 }, head, rows);
    expect(stdout.text).toMatch(/acme +│ 1,234 +│ 2026-11-21 01:02 +│ –/);
    expect(stderr.text).toBe('');
  });

  test('is one line of JSON for programs, whatever was said on the way', () => {
    const [stdout, stderr] = [new Sink(), new Sink()];
    const output = new ConsoleOutput(true, stdout, stderr);
    output.note('loading');
    output.show({ a: 1 }, head, rows);
    expect(stdout.text).toBe('{"a":1}\n');
    expect(stderr.text).toBe('loading\n');
  });
});

describe('errors', () => {
  test('are one line, and one more for each field', () => {
    expect(describeError(new ConflictError('slugTaken', 'There is one.'))).toBe('error: There is one.');
    const fields = [{ field: 'slug', code: 'x', message: 'must be short' }];
    expect(describeError(new InvalidInputError('bad', 'No.', fields))).toBe(
      'error: No.\n  slug: must be short',
    );
  });

  test('show no stack and no line breaks', () => {
    expect(describeError(new Error('first\n   second'))).toBe('error: first second');
    expect(describeError('text')).toBe('error: text');
  });
});
