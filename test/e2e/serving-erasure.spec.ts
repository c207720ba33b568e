import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ErasureService } from '#libs/domain';
import { PostgresErasureRepository } from '#libs/persistence';
import { eventually, ServingUnderTest } from './serving-under-test.js';

let serving: ServingUnderTest;

beforeAll(async () => {
  serving = await ServingUnderTest.start();
});

afterAll(() => serving?.stop());

const path = (customer: string) => `recommendations/${encodeURIComponent(customer)}?count=3`;

async function journals(): Promise<string> {
  const folder = join(serving.stateDirectory, 'serving', 'feedback');
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const contents = files
    .filter((file) => file.isFile())
    .map((file) => readFile(join(file.parentPath, file.name), 'utf8').catch(() => ''));
  return (await Promise.all(contents)).join('\n');
}

test('an erased customer is a stranger to every node within seconds, also to one that starts without the database', async () => {
  const repository = new PostgresErasureRepository(serving.database.tenants);
  const ask = async (on = serving.app) => (await serving.call(path('anna'), { on })).body;
  expect(await ask()).toMatchObject({ status: 'ok', items: [{ productId: 'v1-p0' }, {}, {}] });
  const event = (eventId: string) => ({
    events: [{ eventId, kind: 'clicked', customerId: 'anna', productId: 'v1-p3' }],
  });
  expect((await serving.call('outcomes', { key: 'reporter', payload: event('before') })).status).toBeLessThan(
    300,
  );
  const stranger = (await serving.call(path('nobody at all'))).body;

  const { erasureId } = await new ErasureService(repository).requestCustomer(
    serving.tenants.shop,
    'anna',
    'spec',
  );

  await eventually(async () => (await ask()).items[0].productId !== 'v1-p0');
  const answer = await ask();
  expect(answer).toMatchObject({
    status: stranger.status,
    statusReason: stranger.statusReason,
    items: stranger.items,
  });
  // By the ordinary way as well as by the express lane, and others have their lists.
  expect(
    (await serving.call('recommendations', { payload: { customerId: 'anna', count: 3 } })).body.items,
  ).toEqual(stranger.items);
  expect((await serving.call(path("O'Brien"))).body.items[0].productId).toBe('v1-p0');
  // The rival's customer of the same name is another person.
  expect(
    (await serving.call(path('anna'), { tenant: serving.rival, key: 'rival' })).body.items[0].productId,
  ).toBe('v9-p0');

  await eventually(async () => {
    const { acknowledgements } = (await repository.find(serving.tenants.shop.id, erasureId))!;
    return acknowledgements.length === 1 && !(await journals()).includes('anna');
  });
  // A late report is taken without a word, and kept nowhere.
  expect((await serving.call('outcomes', { key: 'reporter', payload: event('after') })).status).toBeLessThan(
    300,
  );
  expect(await journals()).not.toContain('anna');

  const table = await readFile(join(serving.stateDirectory, 'serving', 'pointers.json'), 'utf8');
  expect(table).toContain(erasureId);
  expect(table).not.toContain('anna');
  const cutOff = await serving.startNode({ SERVING_DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none' });
  expect((await ask(cutOff)).items).toEqual(stranger.items);
  await cutOff.close();
});
