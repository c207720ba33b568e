import { TenantShares } from './tenant-shares.js';

const [A, B, C] = [1, 2, 3];

test('a flood of one tenant forgets its own customers, and no other tenant’s', () => {
  const shares = new TenantShares<number>(10);
  for (let i = 0; i < 4; i++) shares.set(B, `b${i}`, i);
  for (let i = 0; i < 1_000; i++) shares.set(A, `a${i}`, i);
  expect(shares.size).toBe(10);
  expect([0, 1, 2, 3].map((i) => shares.get(B, `b${i}`))).toEqual([0, 1, 2, 3]);
  expect(shares.get(A, 'a999')).toBe(999);
  expect(shares.get(A, 'a993')).toBeUndefined();
});

test('a tenant that comes late gets its share from the largest', () => {
  const shares = new TenantShares<number>(6);
  for (let i = 0; i < 6; i++) shares.set(A, `a${i}`, i);
  shares.set(B, 'b0', 0);
  shares.set(C, 'c0', 0);
  expect([shares.get(A, 'a0'), shares.get(A, 'a1'), shares.get(A, 'a2')]).toEqual([undefined, undefined, 2]);
  expect([shares.get(B, 'b0'), shares.get(C, 'c0'), shares.size]).toEqual([0, 0, 6]);
});

test('what was used last is forgotten last, and what is old is gone', () => {
  const shares = new TenantShares<string>(2, 100);
  shares.set(A, 'x', 'first', 0);
  shares.set(A, 'y', 'second', 0);
  shares.get(A, 'x', 50);
  shares.set(A, 'z', 'third', 50);
  expect([shares.get(A, 'x', 60), shares.get(A, 'y', 60), shares.get(A, 'z', 60)]).toEqual([
    'first',
    undefined,
    'third',
  ]);
  expect([shares.get(A, 'x', 100), shares.get(A, 'z', 100)]).toEqual([undefined, 'third']);
  expect(shares.size).toBe(1);
});

test('some can be forgotten on request', () => {
  const shares = new TenantShares<number>(4);
  for (const id of ['x', 'y']) for (const tenant of [A, B]) shares.set(tenant, id, tenant);
  shares.deleteWhere((tenantId, customerId) => tenantId === A || customerId === 'x');
  expect([shares.size, shares.get(B, 'y'), shares.get(A, 'y')]).toEqual([1, B, undefined]);
});

test('the same customer id of two tenants is two customers', () => {
  const shares = new TenantShares<string>(4);
  shares.set(A, 'same', 'of A');
  shares.set(B, 'same', 'of B');
  shares.set(A, 'same', 'of A, again');
  expect([shares.get(A, 'same'), shares.get(B, 'same'), shares.size]).toEqual(['of A, again', 'of B', 2]);
});
