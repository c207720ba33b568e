import { createTestTenant, setTestState, useTestNights } from '#libs/testing';
import { customersOf, interactions, newcomersPurchases, resume } from './grocer-nights.js';

const under = useTestNights(process.env);

describe('a frozen tenant', () => {
  it('keeps its model, but ranks new customers by it and drops products that are no longer sold', async () => {
    const frozen = await createTestTenant(under.database);
    await under.nights.load(frozen, interactions);
    await under.nights.run(frozen);
    await setTestState(under.database, frozen, 'frozen');
    const bought = interactions.find((event) => event.type === 'purchase' && event.customerId !== undefined);
    const productId = bought?.productId ?? '';
    await under.nights.load(frozen, newcomersPurchases());
    await under.database.admin.query(
      'UPDATE product SET retired_at = now() WHERE tenant_id = $1 AND product_id = $2',
      [frozen.id, productId],
    );

    const { outcome, runId } = await under.nights.run(frozen);
    expect(outcome).toBe('ranked');
    expect(await under.nights.registry.list(frozen.id, 10)).toHaveLength(1);
    // Baskets are answered as before: what is bought together comes from the last training.
    const stages = await under.nights.runs.stages(frozen.id, runId);
    expect(stages.find(({ stage }) => stage === 'train')?.output).toMatchObject({
      skipped: 'frozen',
      neighbours: { file: expect.stringContaining('item-cf') },
    });
    const { rows } = await customersOf(under.database, frozen);
    await under.nights.servedLists(frozen, (reader) => {
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
    const late = await createTestTenant(under.database);
    await under.nights.load(late, interactions);
    await under.nights.run(late);
    await under.nights.load(late, newcomersPurchases());
    await expect(under.nights.run(late, { mayGoOn: (done) => done < 7 })).rejects.toThrow('stopping');
    await setTestState(under.database, late, 'frozen');
    expect(await resume(under.database, under.nights, late)).toBe('superseded');
    expect((await under.nights.registry.pointer(late.id))?.modelVersion).toBe(1);
    const [verdict] = await under.nights.registry.verdicts(late.id, 1);
    expect(verdict).toMatchObject({ promoted: false, reasonCode: 'superseded' });
  });
});
