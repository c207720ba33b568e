import { createTestTenant, setTestState, useTestNights } from '#libs/testing';
import { interactions } from './grocer-nights.js';

const under = useTestNights(process.env);

describe('input that is not fit to train on', () => {
  it('keeps a champion whose file is gone, when nothing clearly better is there', async () => {
    const small = await createTestTenant(under.database);
    await under.nights.load(small, interactions.slice(0, 300));
    await under.nights.run(small);
    const [lost] = await under.nights.registry.list(small.id, 1);
    await under.nights.ports.artifacts.remove(lost.artifact);
    expect((await under.nights.run(small)).outcome).toBe('championUnreadable');
    await setTestState(under.database, small, 'frozen');
    expect((await under.nights.run(small)).outcome).toBe('championUnreadable');
    expect(await under.nights.registry.pointer(small.id)).toMatchObject({
      modelVersion: lost.version,
      revision: 1,
    });
  });

  it('ends without data, and when off', async () => {
    expect((await under.nights.run(await createTestTenant(under.database))).outcome).toBe('noData');
    expect((await under.nights.run(await createTestTenant(under.database, { state: 'off' }))).outcome).toBe(
      'off',
    );
  });

  it('keeps yesterday’s model when most of the rows are gone', async () => {
    const collapsed = await createTestTenant(under.database);
    await under.nights.load(collapsed, interactions);
    await under.nights.run(collapsed);
    await under.database.admin.query(
      'DELETE FROM interaction WHERE tenant_id = $1 AND hashtext(event_id) % 4 <> 0',
      [collapsed.id],
    );
    expect((await under.nights.run(collapsed)).outcome).toBe('dataRejected');
    expect((await under.nights.registry.pointer(collapsed.id))?.revision).toBe(1);
    // Somebody looks, says that this is how things are now, and it trains again.
    expect((await under.nights.run(collapsed, { reason: 'we sold a branch' })).outcome).not.toBe(
      'dataRejected',
    );
    expect((await under.nights.run(collapsed)).outcome).not.toBe('dataRejected');
  });

  it('serves popularity where there is too little to judge by', async () => {
    const small = await createTestTenant(under.database);
    await under.nights.load(small, interactions.slice(0, 300));
    expect((await under.nights.run(small)).outcome).toBe('promoted');
    const [verdict] = await under.nights.registry.verdicts(small.id, 1);
    expect(verdict).toMatchObject({ lane: 'first', promoted: false, reasonCode: 'notEnoughEvidence' });
    await under.nights.servedLists(small, (reader) => expect(reader.header.algorithm).toBe('popularity'));
  });
});
