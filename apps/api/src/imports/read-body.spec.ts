import { PassThrough } from 'node:stream';
import { readBody } from './read-body.js';

test('a body that stops arriving is incomplete', async () => {
  const body = new PassThrough();
  body.write('a');
  const chunks = readBody(body, 50);
  expect(String((await chunks.next()).value)).toBe('a');
  await expect(chunks.next()).rejects.toMatchObject({ code: 'incompleteFile' });
});

test('a body that arrives is read to its end, and one left early stays open', async () => {
  const whole = new PassThrough();
  whole.end('abc');
  const read: string[] = [];
  for await (const chunk of readBody(whole, 1_000)) read.push(String(chunk));
  expect(read.join('')).toBe('abc');
  const left = new PassThrough();
  left.write('a');
  for await (const chunk of readBody(left, 1_000)) if (chunk) break;
  expect(left.destroyed).toBe(false);
});
