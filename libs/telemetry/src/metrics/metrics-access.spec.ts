import { MetricsAccess } from './metrics-access.js';

const from = (remoteAddress: string | undefined, headers: Record<string, string> = {}) => ({
  headers,
  socket: { remoteAddress },
});

test('without a token this machine alone may read, and nobody who comes through a proxy on it', () => {
  const access = new MetricsAccess(undefined);
  expect(['127.0.0.1', '::1', '::ffff:127.0.0.1'].map((ip) => access.allows(from(ip)))).toEqual([
    true,
    true,
    true,
  ]);
  expect(['10.0.0.7', '::ffff:10.0.0.7', '', undefined].map((ip) => access.allows(from(ip)))).toEqual(
    Array(4).fill(false),
  );
  for (const name of ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'])
    expect([name, access.allows(from('127.0.0.1', { [name]: 'x' }))]).toEqual([name, false]);
});

test('with a token it is the token that counts, wherever it comes from', () => {
  const access = new MetricsAccess('scrape-me');
  expect(access.allows(from('10.0.0.7', { authorization: 'Bearer scrape-me', via: 'proxy' }))).toBe(true);
  for (const authorization of ['Bearer scrape-m', 'Bearer scrape-mee', 'scrape-me', ''])
    expect(access.allows(from('127.0.0.1', { authorization }))).toBe(false);
  expect(access.allows(from('127.0.0.1'))).toBe(false);
});
