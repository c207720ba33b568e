import { randomUUID } from 'node:crypto';
import { PostgresServedAnswersRepository } from '#libs/persistence';
import { ServedAnswersService } from '../../apps/serving/src/served/served-answers.service.js';
import { ServingUnderTest, type Role } from './serving-under-test.js';

let serving: ServingUnderTest;

beforeAll(async () => {
  serving = await ServingUnderTest.start();
});
afterAll(() => serving?.stop());

const stored = async (role: Role) =>
  (
    await serving.asTenant(
      role,
      'SELECT day::text, status, status_reason AS reason, sum(answers)::int AS n FROM served_answers GROUP BY 1, 2, 3 ORDER BY 1, 2, 3',
    )
  ).rows;

test('a node hands on how often each tenant got which answer, once', async () => {
  const service = serving.app.get(ServedAnswersService);
  await service.handOn();
  const before = await stored('shop');
  expect(before).toEqual([]);
  for (let turn = 0; turn < 3; turn++) await serving.call('recommendations/anna?count=5');
  await serving.call('recommendations', { payload: { customerId: 'zoe', count: 5 } });
  await serving.call('recommendations/anna', { key: 'newcomer', tenant: serving.tenants.newcomer.slug });
  // Half past midnight in Berlin, the tenants' zone, is yesterday in UTC.
  await service.handOn(new Date('2026-11-20T23:30:00Z'));
  await service.handOn(new Date('2026-11-20T23:31:00Z'));
  const day = '2026-11-21';
  expect(await stored('shop')).toEqual([
    { day, status: 'ok', reason: '', n: 3 },
    { day, status: 'ok', reason: 'unknownCustomer', n: 1 },
  ]);
  expect(await stored('newcomer')).toEqual([{ day, status: 'none', reason: 'noModelYet', n: 1 }]);
  await serving.call('recommendations/anna?count=5');
  await service.handOn(new Date('2026-11-20T23:32:00Z'));
  expect((await stored('shop'))[0]).toEqual({ day, status: 'ok', reason: '', n: 4 });
});

test('a batch that is sent again counts once, and another node’s is another', async () => {
  const repository = new PostgresServedAnswersRepository(serving.database.serving);
  const batch = {
    ...{
      tenantId: serving.tenants.rival.id,
      nodeId: randomUUID(),
      flush: 1,
      at: new Date('2026-11-20T12:00:00Z'),
    },
    answers: [{ status: 'ok', reason: '', count: 2 }],
  };
  for (let turn = 0; turn < 3; turn++) await repository.add(batch);
  await repository.add({ ...batch, flush: 2 });
  await repository.add({ ...batch, nodeId: randomUUID() });
  expect(await stored('rival')).toEqual([{ day: '2026-11-20', status: 'ok', reason: '', n: 6 }]);
});
