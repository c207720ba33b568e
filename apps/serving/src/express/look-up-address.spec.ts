import { isAddressOf, readLookUp } from './look-up-address.js';

test('a look-up, with a count and without', () => {
  expect(readLookUp('/v1/tenants/green-grocer/recommendations/C001796?count=5')).toEqual({
    slug: 'green-grocer',
    customerId: 'C001796',
    count: 5,
  });
  expect(readLookUp('/v1/tenants/a/recommendations/x_.~-9')).toEqual({
    slug: 'a',
    customerId: 'x_.~-9',
    count: 10,
  });
  expect(readLookUp('/v1/tenants/a/recommendations/x?count=100')?.count).toBe(100);
});

test.each([
  '/',
  '/v1/tenants/',
  '/v1/tenants/a/recommendations',
  '/v1/tenants/a/recommendations/',
  '/v1/tenants/a/recommendations/?count=1',
  '/v1/tenants/A/recommendations/x',
  '/v1/tenants//recommendations/x',
  '/v1/tenants/a/b/recommendations/x',
  '/v1/tenants/a/recommendations/x/y',
  '/v1/tenants/a/recommendations/x%20y',
  '/v1/tenants/a/recommendations/x;y',
  '/v1/tenants/a/recommendations/x#y',
  '/v1/tenants/a/recommendations/x?',
  '/v1/tenants/a/recommendations/x?count',
  '/v1/tenants/a/recommendations/x?count=',
  '/v1/tenants/a/recommendations/x?count=0',
  '/v1/tenants/a/recommendations/x?count=101',
  '/v1/tenants/a/recommendations/x?count=05',
  '/v1/tenants/a/recommendations/x?count=5.0',
  '/v1/tenants/a/recommendations/x?count=%35',
  '/v1/tenants/a/recommendations/x?count=5&count=6',
  '/v1/tenants/a/recommendations/x?count=5&country=Norway',
  '/v1/tenants/a/recommendations/x?country=Norway',
  '/v2/tenants/a/recommendations/x',
  `/v1/tenants/a/recommendations/${'x'.repeat(201)}`,
  `/v1/tenants/${'a'.repeat(64)}/recommendations/x`,
])('%s goes the long way', (url) => {
  expect(readLookUp(url)).toBeUndefined();
});

test.each([
  ['/v1/tenants/shop/recommendations/c', true],
  ['/v1/tenants/shop/', true],
  ['/v1/tenants/shop', false],
  ['/v1/tenants/shop-2/recommendations/c', false],
  ['/v1/tenants/sho/recommendations/c', false],
  ['/V1/tenants/shop/recommendations/c', false],
  ['//v1/tenants/shop/recommendations/c', false],
])('%s is an address of "shop": %s', (url, expected) => {
  expect(isAddressOf(url, 'shop')).toBe(expected);
});
