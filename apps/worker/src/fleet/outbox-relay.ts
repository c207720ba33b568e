import type { Redis } from 'ioredis';
import type { OutboxRepository } from '#libs/domain';

const BATCH = 500;

/** Tells serving nodes what has changed. Losing a message only costs them the time until they look by themselves. */
export class OutboxRelay {
  constructor(
    private readonly outbox: OutboxRepository,
    private readonly redis: Redis,
    private readonly channel: string,
  ) {}

  async tick(): Promise<void> {
    let relayed: number;
    do {
      relayed = await this.outbox.relay(BATCH, async ({ tenantId, topic }) => {
        await this.redis.publish(this.channel, JSON.stringify({ tenantId, topic }));
      });
    } while (relayed === BATCH);
  }
}
