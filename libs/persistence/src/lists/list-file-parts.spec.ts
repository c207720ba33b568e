import { LIST_HEADER, testList, TestLists } from '#libs/testing';

let lists: TestLists;

beforeEach(async () => {
  lists = await TestLists.open();
});
afterEach(() => lists.close());

/** Bytes that no other seed has. */
const bytesOf = (length: number, seed: number) =>
  Uint8Array.from({ length }, (_, i) => (i * 31 + seed) % 251);

test('parts of any length and profiles come back as they were written; what is not there is undefined', async () => {
  const writer = await lists.store.create('1/parts.mdb', LIST_HEADER);
  const parts = { small: 10, 'one piece': 512 << 10, several: (1 << 20) + 12_345 };
  for (const [name, length] of Object.entries(parts)) writer.putPart(name, bytesOf(length, length));
  writer.putPart('empty', new Uint8Array(0));
  writer.putProfile('anna', bytesOf(77, 1));
  writer.putCustomer('anna', testList(1, 10));
  await writer.finish();
  const reader = await lists.store.open('1/parts.mdb');
  for (const [name, length] of Object.entries(parts)) {
    expect(Buffer.compare(Buffer.from(reader.part(name)!), Buffer.from(bytesOf(length, length)))).toBe(0);
  }
  expect(reader.part('empty')).toBeUndefined();
  expect(reader.part('sever')).toBeUndefined();
  expect(reader.profile('anna')).toEqual(bytesOf(77, 1));
  expect(reader.profile('zoe')).toBeUndefined();
  expect(reader.profile('x'.repeat(201))).toBeUndefined();
  await reader.close();
});

test('hidden products are skipped and the next ones take their places', async () => {
  await lists.write('1/hidden.mdb', ['anna']);
  const reader = await lists.store.open('1/hidden.mdb');
  const all = reader.customerList('anna', 100)!;
  const hidden = new Uint8Array(LIST_HEADER.productIds.length);
  for (const { productId } of [all[0], all[2]]) hidden[LIST_HEADER.productIds.indexOf(productId)] = 1;
  expect(reader.customerList('anna', 3, hidden)).toEqual([all[1], all[3], all[4]]);
  expect(reader.customerList('anna', 100, hidden)).toHaveLength(98);
  expect(reader.customerList('anna', 3, hidden.fill(1))).toEqual([]);
  await reader.close();
});

test('columns hold the whole list; samples are spread and always the same', async () => {
  const customers = Array.from({ length: 50 }, (_, i) => `c${String(i).padStart(2, '0')}`);
  await lists.write('1/columns.mdb', customers);
  const reader = await lists.store.open('1/columns.mdb');
  expect(reader.customerColumns('c07')).toEqual(testList(3, 100));
  expect(reader.fallbackColumns('nowhere')).toBeUndefined();
  expect(reader.sampleCustomers(5)).toEqual(['c00', 'c10', 'c20', 'c30', 'c40']);
  expect(reader.sampleCustomers(1_000)).toEqual(customers);
  await reader.close();
});
