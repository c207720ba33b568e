import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Environment } from '#libs/config';
import { FleetQueues } from './fleet-queues.service.js';

/** Where Redis should be and only hangs up: every attempt to reach it can be counted. */
let place: Server;
let attempts = 0;

beforeEach(async () => {
  attempts = 0;
  place = createServer((socket) => {
    attempts++;
    socket.on('error', () => undefined).destroy();
  }).listen(0, '127.0.0.1');
  await once(place, 'listening');
});
afterEach(() => void place.close());

function queuesAt(redisUrl: string | undefined): FleetQueues {
  return new FleetQueues(Object.assign(new Environment(), { REDIS_URL: redisUrl }));
}

describe('FleetQueues', () => {
  it('knows nothing where there is no Redis at all', async () => {
    await expect(queuesAt(undefined).counts()).resolves.toBeUndefined();
  });

  it('knows nothing in time while Redis is away, and stops asking for it at the end', async () => {
    const queues = queuesAt(`redis://127.0.0.1:${(place.address() as AddressInfo).port}`);
    const startedAt = performance.now();
    await expect(queues.counts()).resolves.toBeUndefined();
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    expect(attempts).toBeGreaterThan(0);
    queues.onApplicationShutdown();
    await sleep(100);
    const attemptsUntilTheEnd = attempts;
    await sleep(2_500);
    expect(attempts).toBe(attemptsUntilTheEnd);
  });
});
