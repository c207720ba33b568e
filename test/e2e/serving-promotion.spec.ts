import { chmod, readdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { eventually, ServingUnderTest } from './serving-under-test.js';

let serving: ServingUnderTest;

beforeAll(async () => {
  serving = await ServingUnderTest.start();
});

afterAll(() => serving?.stop());

describe('lifecycle and promotion', () => {
  const anna = async () => (await serving.call('recommendations/anna?count=5')).body;

  test('off, frozen and on again, each within seconds', async () => {
    await serving.setState('shop', 'off');
    await eventually(async () => (await anna()).statusReason === 'off');
    expect(await anna()).toMatchObject({ status: 'none', modelVersion: null, items: [] });
    const events = [
      { eventId: `while-off-${serving.shop}`, kind: 'bought', customerId: 'anna', productId: 'p' },
    ];
    expect((await serving.call('outcomes', { key: 'reporter', payload: { events } })).body.accepted).toBe(1);
    await serving.setState('shop', 'frozen');
    await eventually(async () => (await anna()).statusReason === 'frozen');
    expect(await anna()).toMatchObject({ status: 'ok', modelVersion: 1, items: { length: 5 } });
    await serving.setState('shop', 'on');
    await eventually(async () => (await anna()).statusReason === null);
  });

  test('a promotion and a rollback under load: every answer from one version', async () => {
    const listFile = await serving.writeLists('shop', 2);
    const first = (await serving.asTenant('shop', 'SELECT list_file FROM serving_pointer')).rows[0].list_file;
    const seen = new Set<number>();
    let running = true;
    const load = (async () => {
      while (running) {
        const { status, items, modelVersion } = await anna();
        expect(status).toBe('ok');
        expect(
          items.every((item: { productId: string }) => item.productId.startsWith(`v${modelVersion}-`)),
        ).toBe(true);
        seen.add(modelVersion);
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    await serving.pointAt('shop', 2, listFile);
    await eventually(async () => (await anna()).modelVersion === 2);
    await serving.pointAt('shop', 1, first);
    await eventually(async () => (await anna()).modelVersion === 1);
    running = false;
    await load;
    expect([...seen].sort()).toEqual([1, 2]);
  });

  test('a file that cannot be opened leaves the lists before it serving, and is counted', async () => {
    const first = (await serving.asTenant('shop', 'SELECT list_file FROM serving_pointer')).rows[0].list_file;
    const corrupt = `${serving.shop}/corrupt.lists`;
    await writeFile(join(serving.stateDirectory, 'lists', corrupt), 'x'.repeat(10_000));
    const foreign = await serving.writeLists('shop', 3, { tenant: serving.rival });
    for (const listFile of [corrupt, foreign, `${serving.shop}/missing.lists`, '../../etc/passwd']) {
      const before = await metric('nightshift_serving_list_open_failures_total');
      await serving.pointAt('shop', 3, listFile);
      await eventually(async () => (await metric('nightshift_serving_list_open_failures_total')) > before);
      expect(await anna()).toMatchObject({ status: 'ok', modelVersion: 1 });
    }
    await serving.pointAt('shop', 1, first);
  });

  test('a file that is cut while it is open is closed at the next poll, before anybody reads it', async () => {
    const first = (await serving.asTenant('shop', 'SELECT list_file FROM serving_pointer')).rows[0].list_file;
    const doomed = await serving.writeLists('shop', 4);
    await serving.pointAt('shop', 4, doomed);
    await eventually(async () => (await anna()).modelVersion === 4);
    const path = join(serving.stateDirectory, 'lists', doomed);
    await chmod(path, 0o640);
    await truncate(path, 4096);
    await eventually(async () => (await metric('nightshift_serving_lists_dropped_total')) > 0);
    expect(await anna()).toMatchObject({ status: 'ok', modelVersion: 1 });
    await serving.pointAt('shop', 1, first);
    await eventually(async () => (await anna()).modelVersion === 1);
  });

  async function metric(name: string): Promise<number> {
    const { body } = await serving.app.inject('/metrics');
    return Number(new RegExp(`^${name}\\{?.*? (\\d+)$`, 'm').exec(body)?.[1] ?? NaN);
  }
});

(process.env.TEST_REDIS_URL === undefined ? test.skip : test)(
  'an announcement in Redis is heard at once',
  async () => {
    const url = process.env.TEST_REDIS_URL!;
    const prefix = serving.shop;
    const changes = { REDIS_URL: url, REDIS_PREFIX: prefix, POLL_MS: '600000' };
    const listening = await serving.startNode(changes);
    const redis = new Redis(url);
    try {
      const reason = async () =>
        (await serving.call('recommendations/anna', { on: listening })).body.statusReason;
      expect(await reason()).toBeNull();
      await eventually(async () => (await redis.publish(`${prefix}:pointers`, '')) === 1);
      await serving.setState('shop', 'off');
      await redis.publish(`${prefix}:pointers`, 'whatever');
      await eventually(async () => (await reason()) === 'off');
    } finally {
      redis.disconnect();
      await listening.close();
      await serving.setState('shop', 'on');
    }
  },
);

test('metrics name routes and reasons, never a tenant', async () => {
  const { body } = await serving.app.inject('/metrics');
  expect(body).toContain('/v1/tenants/:tenant/recommendations/:customerId');
  expect(body).toMatch(/nightshift_serving_answers_total\{.*reason="off"/);
  expect(body).toMatch(/nightshift_serving_pointer_age_seconds\{?.* [0-4](\.\d+)?$/m);
  for (const { slug } of Object.values(serving.tenants)) expect(body).not.toContain(slug);
});

test('lists leave no lock files behind', async () => {
  const files = await readdir(join(serving.stateDirectory, 'lists', serving.shop));
  expect(files.filter((name) => !name.endsWith('.lists'))).toEqual([]);
});
