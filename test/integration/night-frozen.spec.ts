import {
  createTestTenant,
  openTestDatabase,
  setTestState,
  TestNights,
  type TestDatabase,
} from '#libs/testing';
import { customersOf, interactions, newcomersPurchases, resume } from './grocer-nights.js';

let database: TestDatabase;
let nights: TestNights;

beforeAll(async () => {
  database = await openTestDatabase(process.env);
  nights = await TestNights.open(database);
});

afterAll(async () => {
  await nights.close();
  await database.close();
});

describe('a frozen tenant', () => {
  it('keeps its model, but ranks new customers by it and drops products that are no longer sold', async () => {
    const frozen = await createTestTenant(database);
    await nights.load(frozen, interactions);
    await nights.run(frozen);
    await setTestState(database, frozen, 'frozen');
    const bought = interactions.find((event) => event.type === 'purchase' && event.customerId !== undefined);
    const productId = bought?.productId ?? '';
    await nights.load(frozen, newcomersPurchases());
    await database.admin.query(
      'UPDATE product SET retired_at = now() WHERE tenant_id = $1 AND product_id = $2',
      [frozen.id, productId],
    );

    const { outcome } = await nights.run(frozen);
    expect(outcome).toBe('ranked');
    expect(await nights.registry.list(frozen.id, 10)).toHaveLength(1);
    const { rows } = await customersOf(database, frozen);
    await nights.servedLists(frozen, (reader) => {
      expect(reader.header.modelVersion).toBe(1);
      const list = reader.customerList('the newcomer', 100) ?? [];
      expect(list.length).toBeGreaterThan(10);
      expect(list.some(({ source }) => source !== 'segment-popularity' && source !== 'popularity')).toBe(
        true,
      );
      for (const { customer_id } of rows) {
        expect(reader.customerList(customer_id, 100)?.map((entry) => entry.productId)).not.toContain(
          productId,
        );
      }
    });
  });

  it('is not overtaken by a night that was under way when it froze', async () => {
    const late = await createTestTenant(database);
    await nights.load(late, interactions);
    await nights.run(late);
    await nights.load(late, newcomersPurchases());
    await expect(nights.run(late, { mayGoOn: (done) => done < 7 })).rejects.toThrow('stopping');
    await setTestState(database, late, 'frozen');
    expect(await resume(database, nights, late)).toBe('superseded');
    expect((await nights.registry.pointer(late.id))?.modelVersion).toBe(1);
    const [verdict] = await nights.registry.verdicts(late.id, 1);
    expect(verdict).toMatchObject({ promoted: false, reasonCode: 'superseded' });
  });
});
