import { eventually, ServingUnderTest } from './serving-under-test.js';

let serving: ServingUnderTest;

beforeAll(async () => {
  serving = await ServingUnderTest.start();
});

afterAll(() => serving?.stop());

describe('outcomes', () => {
  const send = (payload: object | string) => serving.call('outcomes', { key: 'reporter', payload });
  const event = (eventId: string, kind: string) => ({
    eventId: `${eventId}-${serving.shop}`,
    kind,
    customerId: 'anna',
    productId: 'v1-p0',
  });

  test('good rows land once, bad ones come back with index and field', async () => {
    const events = [
      event('e1', 'shown'),
      { ...event('e2', 'bought'), onBehalfOf: 'sales-7' },
      { ...event('e3', 'eaten'), customerId: 7 },
      event('e2', 'bought'),
      4,
    ];
    const first = await send({ events });
    expect(first.status).toBe(200);
    expect(first.body).toMatchObject({ accepted: 2, alreadyKnown: 1 });
    expect(
      first.body.rejected.map((row: { index: number; field: string }) => [row.index, row.field]),
    ).toEqual([
      [2, 'kind'],
      [2, 'customerId'],
      [4, ''],
    ]);
    expect((await send({ events })).body).toMatchObject({ accepted: 0, alreadyKnown: 3 });
    const stored = (role: 'shop' | 'rival') =>
      serving.asTenant(role, `SELECT kind, on_behalf_of FROM outcome WHERE event_id = $1`, [
        `e2-${serving.shop}`,
      ]);
    await eventually(async () => (await stored('shop')).rowCount === 1);
    expect((await stored('shop')).rows).toEqual([{ kind: 'bought', on_behalf_of: 'sales-7' }]);
    expect(
      (await serving.asTenant('shop', `SELECT 1 FROM impression WHERE event_id = $1`, [`e1-${serving.shop}`]))
        .rowCount,
    ).toBe(1);
    expect((await stored('rival')).rowCount).toBe(0);
  });

  test('a date that no calendar has is one bad row, not a lost batch', async () => {
    const events = [
      { ...event('old', 'shown'), occurredAt: '-200000-01-01T00:00:00Z' },
      event('new', 'shown'),
    ];
    const { status, body } = await send({ events });
    expect(status).toBe(200);
    expect(body).toMatchObject({ accepted: 1, rejected: [{ index: 0, field: 'occurredAt' }] });
  });

  test('two tenants may use the same event id', async () => {
    const payload = { events: [event('shared', 'clicked')] };
    expect((await send(payload)).body.accepted).toBe(1);
    expect(
      (await serving.call('outcomes', { tenant: serving.rival, key: 'rival', payload })).body.accepted,
    ).toBe(1);
  });

  test('the same batches at the same time count once', async () => {
    const events = Array.from({ length: 500 }, (_, index) => event(`race-${index}`, 'shown'));
    const reversed = [...events].reverse();
    const answers = await Promise.all(
      [events, reversed, events, reversed].map((batch) => send({ events: batch })),
    );
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 200]);
    expect(answers.reduce((sum, answer) => sum + answer.body.accepted, 0)).toBe(500);
  });

  test.each<[string, object | string, number]>([
    ['more than a thousand rows', { events: Array.from({ length: 1_001 }, () => ({})) }, 400],
    ['no list', { events: 'all' }, 400],
    ['no body', '', 400],
    ['half a body', '{"events": [', 400],
    ['a megabyte of brackets', `{"events": ${'['.repeat(400_000)}${']'.repeat(400_000)}}`, 400],
    ['more than a megabyte', `{"events": ["${'x'.repeat(1_100_000)}"]}`, 413],
    ['a polluted prototype', '{"events": [], "__proto__": {"admin": true}}', 400],
  ])('%s is refused with a problem', async (_name, payload, expected) => {
    const { status, body, headers } = await send(payload);
    expect([status, headers['content-type']]).toEqual([expected, 'application/problem+json; charset=utf-8']);
    expect(body.detail).not.toMatch(/node_modules|\.ts:/);
  });

  test('reading keys may not report, nor other tenants', async () => {
    const payload = { events: [event('foreign', 'shown')] };
    expect((await serving.call('outcomes', { key: 'reader', payload })).body).toMatchObject({
      status: 403,
      code: 'scopeMissing',
    });
    expect((await serving.call('outcomes', { key: 'rival', payload })).status).toBe(404);
  });
});
