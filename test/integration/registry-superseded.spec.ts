import { PostgresLifecycleRepository } from '#libs/persistence';
import { newPublication, recordedVerdict, setTestState, type UnpublishedNight } from '#libs/testing';
import { RegistryUnderTest } from './registry-under-test.js';

let under: RegistryUnderTest;

beforeAll(async () => {
  under = await RegistryUnderTest.open();
});
afterAll(() => under?.database.close());
beforeEach(async () => {
  under.tenant = await under.newTenant();
});

describe('publish after a person has stepped in', () => {
  async function expectSuperseded(night: UnpublishedNight): Promise<void> {
    const before = await under.registry.pointer(under.tenant.id);
    expect(await under.registry.publish(night.lease, night.request)).toBe('superseded');
    expect(await under.registry.pointer(under.tenant.id)).toEqual(before);
    const [verdict] = (await under.registry.verdicts(under.tenant.id, 9)).filter(
      ({ runId }) => runId === night.lease.runId,
    );
    expect(verdict).toMatchObject({
      promoted: false,
      reasonCode: 'superseded',
      numbers: { evidence: expect.anything() },
    });
    expect(await under.runs.find(under.tenant.id, night.lease.runId)).toMatchObject({
      status: 'succeeded',
      outcome: 'superseded',
    });
  }

  it.each(['frozen', 'off'] as const)('is superseded when the tenant went %s meanwhile', async (state) => {
    await under.promotedNight();
    const night = await under.nightBeforePublish();
    const lifecycle = new PostgresLifecycleRepository(under.database.tenants);
    await lifecycle.change(under.tenant.id, { state, reason: 'stock-taking', actor: 'kim' });
    await expectSuperseded(night);
    expect(await under.statuses()).toEqual(['1 champion', '2 rejected']);
  });

  it('is superseded when the champion was rolled back meanwhile', async () => {
    await under.promotedNight();
    await under.promotedNight();
    const night = await under.nightBeforePublish();
    await under.moveTo(1);
    await expectSuperseded(night);
    expect(await under.statuses()).toEqual(['1 champion', '2 retired', '3 rejected']);
  });

  it('still brings a frozen tenant the fresh lists of its own model, and off none', async () => {
    await under.promotedNight();
    await setTestState(under.database, under.tenant, 'frozen');
    const frozen = await under.nightBeforePublish({
      publication: newPublication(1),
      verdicts: [],
      outcome: 'ranked',
    });
    expect(await under.registry.publish(frozen.lease, frozen.request)).toBe('published');
    await setTestState(under.database, under.tenant, 'off');
    const off = await under.nightBeforePublish({
      publication: newPublication(1),
      verdicts: [],
      outcome: 'ranked',
    });
    expect(await under.registry.publish(off.lease, off.request)).toBe('superseded');
    expect(await under.registry.pointer(under.tenant.id)).toMatchObject({
      listFile: frozen.request.publication.listFile,
      revision: 2,
    });
  });

  it('keeps a verdict against the challenger as it was', async () => {
    await under.promotedNight();
    const night = await under.nightBeforePublish({ verdicts: [recordedVerdict(1, 2, false)] });
    await setTestState(under.database, under.tenant, 'frozen');
    await under.registry.publish(night.lease, night.request);
    const [verdict] = (await under.registry.verdicts(under.tenant.id, 9)).filter(
      ({ runId }) => runId === night.lease.runId,
    );
    expect(verdict).toMatchObject({ promoted: false, reasonCode: 'rmseNotBetterEnough' });
  });

  it('comes wholly before a freeze or wholly after it when both happen at once', async () => {
    const night = await under.nightBeforePublish();
    const lifecycle = new PostgresLifecycleRepository(under.database.tenants);
    const [published] = await Promise.all([
      under.registry.publish(night.lease, night.request),
      lifecycle.change(under.tenant.id, { state: 'frozen', reason: 'now', actor: 'kim' }),
    ]);
    expect(await under.rows('serving_pointer')).toHaveLength(published === 'published' ? 1 : 0);
  });
});
