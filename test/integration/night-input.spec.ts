import {
  createTestTenant,
  openTestDatabase,
  setTestState,
  TestNights,
  type TestDatabase,
} from '#libs/testing';
import { interactions } from './grocer-nights.js';

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

describe('input that is not fit to train on', () => {
  it('keeps a champion whose file is gone, when nothing clearly better is there', async () => {
    const small = await createTestTenant(database);
    await nights.load(small, interactions.slice(0, 300));
    await nights.run(small);
    const [lost] = await nights.registry.list(small.id, 1);
    await nights.ports.artifacts.remove(lost.artifact);
    expect((await nights.run(small)).outcome).toBe('championUnreadable');
    await setTestState(database, small, 'frozen');
    expect((await nights.run(small)).outcome).toBe('championUnreadable');
    expect(await nights.registry.pointer(small.id)).toMatchObject({
      modelVersion: lost.version,
      revision: 1,
    });
  });

  it('ends without data, and when off', async () => {
    expect((await nights.run(await createTestTenant(database))).outcome).toBe('noData');
    expect((await nights.run(await createTestTenant(database, { state: 'off' }))).outcome).toBe('off');
  });

  it('keeps yesterday’s model when most of the rows are gone', async () => {
    const collapsed = await createTestTenant(database);
    await nights.load(collapsed, interactions);
    await nights.run(collapsed);
    await database.admin.query(
      'DELETE FROM interaction WHERE tenant_id = $1 AND hashtext(event_id) % 4 <> 0',
      [collapsed.id],
    );
    expect((await nights.run(collapsed)).outcome).toBe('dataRejected');
    expect((await nights.registry.pointer(collapsed.id))?.revision).toBe(1);
    // Somebody looks, says that this is how things are now, and it trains again.
    expect((await nights.run(collapsed, { reason: 'we sold a branch' })).outcome).not.toBe('dataRejected');
    expect((await nights.run(collapsed)).outcome).not.toBe('dataRejected');
  });

  it('serves popularity where there is too little to judge by', async () => {
    const small = await createTestTenant(database);
    await nights.load(small, interactions.slice(0, 300));
    expect((await nights.run(small)).outcome).toBe('promoted');
    const [verdict] = await nights.registry.verdicts(small.id, 1);
    expect(verdict).toMatchObject({ lane: 'first', promoted: false, reasonCode: 'notEnoughEvidence' });
    await nights.servedLists(small, (reader) => expect(reader.header.algorithm).toBe('popularity'));
  });
});
