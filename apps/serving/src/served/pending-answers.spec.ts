import type { ServedAnswersBatch } from '#libs/domain';
import { PendingAnswers } from './pending-answers.js';

const at = (minute: number) => new Date(Date.UTC(2026, 10, 21, 9, minute));
const count = (tenantId: number, n: number, status = 'ok') => ({ tenantId, status, reason: '', count: n });
const said = ({ tenantId, flush, answers }: ServedAnswersBatch) =>
  `${tenantId} #${flush}: ${answers.map((one) => `${one.status} ${one.count}`).join(', ')}`;

test('adds up while nothing can be delivered, and leaves alone what may have arrived', async () => {
  const pending = new PendingAnswers('node');
  const attempts: ServedAnswersBatch[] = [];
  let away = true;
  const send = async (batch: ServedAnswersBatch) => {
    attempts.push(batch);
    if (away) throw new Error('away');
  };
  pending.add([count(1, 2), count(1, 1, 'none'), count(2, 5)], at(0));
  await expect(pending.deliver(send)).rejects.toThrow('away');
  pending.add([count(1, 10), count(2, 10)], at(1));
  pending.add([count(1, 10)], at(2));
  pending.add([count(1, 100)], at(15));
  await expect(pending.deliver(send)).rejects.toThrow('away');
  away = false;
  await pending.deliver(send);
  expect(attempts.map(said)).toEqual([
    ...Array<string>(3).fill('1 #1: ok 2, none 1'),
    '2 #2: ok 15',
    '1 #3: ok 20',
    '1 #4: ok 100',
  ]);
  await pending.deliver(send);
  expect(attempts).toHaveLength(6);
});
