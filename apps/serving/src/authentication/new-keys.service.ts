import { Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { ServingStateSource } from '#libs/domain';
import { PointerRefreshService } from '../pointers/pointer-refresh.service.js';
import { within } from '../pointers/within.js';

/** Whoever tries keys gets this many answers of the database a second from a node, and none from then on. */
export const LOOK_UPS_A_SECOND = 20;
/** Ids are random: one that nobody has is not given out within a minute, and the next poll would show it all the same. */
const REMEMBERED_MS = 60_000;
const REMEMBERED_IDS = 10_000;
/** A caller with a wrong key is not kept waiting for a database that says nothing. */
const ANSWER_MS = 1_000;

/** Finds keys that are younger than this node's table, so that a key works from the moment in which it is made. */
@Injectable()
export class NewKeysService {
  private readonly logger = new Logger(NewKeysService.name);
  private readonly unknown = new LRUCache<string, true>({ max: REMEMBERED_IDS, ttl: REMEMBERED_MS });
  private readonly underWay = new Map<string, Promise<void>>();
  private second = 0;
  private lookUps = 0;

  constructor(
    private readonly source: ServingStateSource,
    private readonly refresher: PointerRefreshService,
  ) {}

  /**
   * Asks the database for this one key, and has the table read again if it is there: its tenant may be as new as the key.
   * Never throws: a key that cannot be looked for is as unknown as it was.
   */
  async lookFor(keyId: string): Promise<void> {
    const already = this.underWay.get(keyId);
    if (already !== undefined) return already;
    if (this.unknown.has(keyId) || !this.mayAsk()) return;
    const asking = this.ask(keyId).finally(() => this.underWay.delete(keyId));
    this.underWay.set(keyId, asking);
    return asking;
  }

  private async ask(keyId: string): Promise<void> {
    try {
      if (await within(ANSWER_MS, this.source.hasKey(keyId)))
        await within(ANSWER_MS, this.refresher.refresh());
      else this.unknown.set(keyId, true);
    } catch (error) {
      this.logger.debug({ err: error }, 'A key that this node does not know could not be looked for.');
    }
  }

  private mayAsk(): boolean {
    // Polling says when the database is back; until then nobody has to wait for it.
    if (this.refresher.away) return false;
    const second = Math.floor(Date.now() / 1000);
    if (second !== this.second) {
      this.second = second;
      this.lookUps = 0;
    }
    return ++this.lookUps <= LOOK_UPS_A_SECOND;
  }
}
