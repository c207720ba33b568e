import { RequestLimits } from './request-limits.js';

const NOON = Date.UTC(2026, 10, 21, 12);
const A = { keyId: 'a', tenantId: 1 };
const codes = (limits: RequestLimits, count: number, now = NOON, key = A) =>
  Array.from({ length: count }, () => limits.take(key, now).code);

test('a key may save up ten seconds, and then has what comes in', () => {
  const limits = new RequestLimits({ keyRequestsPerSecond: 2, tenantRequestsPerDay: 0 });
  expect(limits.take(A, NOON - 3_600_000).policy).toBe('"key";q=20;w=10');
  expect(codes(limits, 21)).toEqual([...Array(20).fill('allowed'), 'rateLimited']);
  // A quarter of a second is half of a request.
  expect(codes(limits, 1, NOON + 250)).toEqual(['rateLimited']);
  expect(codes(limits, 2, NOON + 500)).toEqual(['allowed', 'rateLimited']);
  expect(codes(limits, 21, NOON + 3_600_000).filter((code) => code === 'allowed')).toHaveLength(20);
});

test('the headers say what is left and when all of it is back', () => {
  const limits = new RequestLimits({ keyRequestsPerSecond: 2, tenantRequestsPerDay: 30 });
  const policy = '"key";q=20;w=10, "tenant";q=30;w=86400';
  expect(limits.take(A, NOON)).toMatchObject({ policy, text: '"key";r=19;t=1, "tenant";r=29;t=43200' });
  codes(limits, 19);
  expect(limits.take(A, NOON)).toEqual({
    code: 'rateLimited',
    text: '"key";r=0;t=10, "tenant";r=10;t=43200',
    policy,
    retryAfterSeconds: 1,
  });
});

test('keys do not take from each other, but all of a tenant share its day', () => {
  const limits = new RequestLimits({ keyRequestsPerSecond: 1, tenantRequestsPerDay: 15 });
  const b = { keyId: 'b', tenantId: 1 };
  const stranger = { keyId: 'c', tenantId: 2 };
  expect(new Set(codes(limits, 10))).toEqual(new Set(['allowed']));
  expect(codes(limits, 6, NOON, b)).toEqual([...Array(5).fill('allowed'), 'quotaExceeded']);
  expect(limits.take(b, NOON).retryAfterSeconds).toBe(43_200);
  expect(codes(limits, 1, NOON, stranger)).toEqual(['allowed']);
  // Midnight in UTC.
  expect(codes(limits, 1, Date.UTC(2026, 10, 22), b)).toEqual(['allowed']);
});

test('a refused request costs nothing, and a clock that is set back gives nothing', () => {
  const limits = new RequestLimits({ keyRequestsPerSecond: 1, tenantRequestsPerDay: 0 });
  codes(limits, 1_000);
  expect(codes(limits, 2, NOON + 1_000)).toEqual(['allowed', 'rateLimited']);
  expect(codes(limits, 1, NOON - 60_000)).toEqual(['rateLimited']);
});

test('a tenant may have a number of its own, and none at all', () => {
  const limits = new RequestLimits({ keyRequestsPerSecond: 10, tenantRequestsPerDay: 2 });
  const own = Array.from({ length: 5 }, () => limits.take(A, NOON, 4));
  expect(own.map(({ code }) => code)).toEqual([...Array(4).fill('allowed'), 'quotaExceeded']);
  expect(own[0].policy).toBe('"key";q=100;w=10, "tenant";q=4;w=86400');
  const stranger = { keyId: 'c', tenantId: 2 };
  expect(codes(limits, 3, NOON, stranger)).toEqual(['allowed', 'allowed', 'quotaExceeded']);
  expect(limits.take(stranger, NOON, 0)).toMatchObject({ code: 'allowed', policy: '"key";q=100;w=10' });
});

test('what other nodes have answered is taken off, for their day alone', () => {
  const limits = new RequestLimits({ keyRequestsPerSecond: 10, tenantRequestsPerDay: 10 });
  codes(limits, 3);
  expect([...limits.requestsOf([1, 2], NOON)]).toEqual([
    [1, 3],
    [2, 0],
  ]);
  limits.noteElsewhere([1, 2], new Map([[1, 5]]), NOON);
  expect(limits.take(A, NOON).text).toContain('"tenant";r=1;');
  expect(codes(limits, 2)).toEqual(['allowed', 'quotaExceeded']);
  const tomorrow = NOON + 86_400_000;
  expect(codes(limits, 1, tomorrow)).toEqual(['allowed']);
  // Heard late: yesterday's.
  limits.noteElsewhere([1], new Map([[1, 10]]), NOON);
  expect(limits.take(A, tomorrow).text).toContain('"tenant";r=8;');
});
