import { setTimeout as sleep } from 'node:timers/promises';
import { TenantTurns } from './tenant-turns.js';

test('one piece of a tenant at a time, in order; another tenant does not wait for it', async () => {
  const turns = new TenantTurns();
  const log: string[] = [];
  const piece = (tenantId: number, name: string) =>
    turns.take(tenantId, async () => {
      log.push(`${name} begins`);
      await sleep(5);
      log.push(`${name} ends`);
    });
  await Promise.all([piece(1, 'a1'), piece(1, 'a2'), piece(2, 'b1')]);
  expect(log.indexOf('a1 ends')).toBeLessThan(log.indexOf('a2 begins'));
  expect(log.indexOf('b1 begins')).toBeLessThan(log.indexOf('a1 ends'));
});

test('a piece that fails lets the next one in, and a line that is too long takes nobody', async () => {
  const turns = new TenantTurns();
  const failing = turns.take(1, () => Promise.reject(new Error('no')));
  const waiting = Array.from({ length: 8 }, (_, i) => turns.take(1, () => Promise.resolve(i)));
  await expect(turns.take(1, () => Promise.resolve(9))).rejects.toMatchObject({ code: 'tooManyPreviews' });
  await expect(turns.take(2, () => Promise.resolve('b'))).resolves.toBe('b');
  await expect(failing).rejects.toThrow('no');
  expect(await Promise.all(waiting)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  await expect(turns.take(1, () => Promise.resolve('again'))).resolves.toBe('again');
});
