import { Readiness } from './readiness.js';

const answering = { name: 'Postgres', check: () => Promise.resolve() };
const refusing = { name: 'Redis', check: () => Promise.reject(new Error('ECONNREFUSED')) };
const hanging = { name: 'disk', check: () => new Promise<void>(() => undefined) };

describe('Readiness', () => {
  test('misses nothing when everything answers', async () => {
    expect(await new Readiness([answering]).missing()).toEqual([]);
  });

  test('names what refuses and what does not answer in time', async () => {
    const readiness = new Readiness([answering, refusing, hanging], 20);
    expect(await readiness.missing()).toEqual(['Redis', 'disk']);
  });
});
