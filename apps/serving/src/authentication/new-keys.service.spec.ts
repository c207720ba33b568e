import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { createKeyToken, ServingStateSource } from '#libs/domain';
import type { PointerRefreshService } from '../pointers/pointer-refresh.service.js';
import { LOOK_UPS_A_SECOND, NewKeysService } from './new-keys.service.js';

class Database extends ServingStateSource {
  readonly known = new Set<string>();
  readonly asked: string[] = [];
  failing = false;
  load = async () => undefined;
  override hasKey = async (keyId: string) => {
    this.asked.push(keyId);
    if (this.failing) throw new Error('connection refused');
    return this.known.has(keyId);
  };
}

let database: Database;
let refresher: { refresh: jest.Mock<() => Promise<void>>; away: boolean };
let keys: NewKeysService;

beforeAll(() => Logger.overrideLogger(false));
beforeEach(() => {
  jest.useFakeTimers({ now: 1_000_000 });
  database = new Database();
  refresher = { refresh: jest.fn(async () => {}), away: false };
  keys = new NewKeysService(database, refresher as unknown as PointerRefreshService);
});
afterEach(() => jest.useRealTimers());

const newId = () => createKeyToken().keyId;

test('a key that is there has the table read again', async () => {
  database.known.add('new');
  await keys.lookFor('new');
  expect(refresher.refresh).toHaveBeenCalledTimes(1);
});

test('a key that nobody has is asked for once, however often it is tried', async () => {
  for (let attempt = 0; attempt < 5; attempt++) await keys.lookFor('wrong');
  expect(database.asked).toEqual(['wrong']);
  expect(refresher.refresh).not.toHaveBeenCalled();
});

test('twenty requests with one new key at once ask once, and all of them wait for the answer', async () => {
  database.known.add('new');
  await Promise.all(Array.from({ length: 20 }, () => keys.lookFor('new')));
  expect(database.asked).toEqual(['new']);
});

test('a flood of wrong keys reaches the database a few times a second, and new keys are found afterwards', async () => {
  for (let attempt = 0; attempt < 5_000; attempt++) await keys.lookFor(newId());
  expect(database.asked).toHaveLength(LOOK_UPS_A_SECOND);
  jest.setSystemTime(Date.now() + 1_000);
  database.known.add('new');
  await keys.lookFor('new');
  expect(refresher.refresh).toHaveBeenCalledTimes(1);
});

test('without the database a key is as unknown as it was, for the moment only', async () => {
  database.failing = true;
  await expect(keys.lookFor('new')).resolves.toBeUndefined();
  refresher.away = true;
  await keys.lookFor('another');
  expect(database.asked).toEqual(['new']);
  Object.assign(database, { failing: false });
  refresher.away = false;
  database.known.add('new');
  await keys.lookFor('new');
  expect(refresher.refresh).toHaveBeenCalledTimes(1);
});

test('a database that says nothing keeps nobody waiting', async () => {
  database.hasKey = () => new Promise<boolean>(() => {});
  const looking = keys.lookFor('new');
  await jest.advanceTimersByTimeAsync(1_500);
  await expect(looking).resolves.toBeUndefined();
});
