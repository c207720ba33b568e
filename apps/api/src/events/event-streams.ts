import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { NightshiftError, scopesIn, SessionService, TenantEvents, type TenantTopic } from '#libs/domain';

/** Tabs of one person; each browser reconnects by itself, so more are a program's. */
const MOST_OF_A_PERSON = 8;
const MOST_OF_THE_PROCESS = 2_000;
/** Longer than a proxy waits for silence, and how often it is asked whether the person may still look. */
const HEARTBEAT_MS = 15_000;
/** Many lines of a log are one reason to look again. */
const GATHER_MS = 250;

export interface Watcher {
  readonly tenantId: number;
  readonly accountId: string;
  /** Of the session. */
  readonly token: string;
}

/** Open streams of what changes, each as long as its person may see the tenant. */
@Injectable()
export class EventStreams implements BeforeApplicationShutdown {
  /** Tests are less patient. */
  heartbeatMs = HEARTBEAT_MS;
  private readonly open = new Map<ServerResponse, { accountId: string; end: () => void }>();

  constructor(
    private readonly events: TenantEvents,
    private readonly sessions: SessionService,
  ) {}

  /** @throws NightshiftError `tooManyStreams` */
  admit(accountId: string): void {
    const own = [...this.open.values()].filter((stream) => stream.accountId === accountId).length;
    if (own < MOST_OF_A_PERSON && this.open.size < MOST_OF_THE_PROCESS) return;
    throw new NightshiftError('busy', 'tooManyStreams', 'So many streams are open already: close one first.');
  }

  /** The head has been sent. */
  start(raw: ServerResponse, watcher: Watcher): void {
    const waiting = new Set<TenantTopic | 'gap'>();
    let gathering: NodeJS.Timeout | undefined;
    const flush = () => {
      gathering = undefined;
      for (const topic of waiting) raw.write(`event: changed\ndata: {"topic":"${topic}"}\n\n`);
      waiting.clear();
    };
    const stop = this.events.watch(watcher.tenantId, (topic) => {
      waiting.add(topic);
      gathering ??= setTimeout(flush, GATHER_MS);
    });
    const heartbeat = setInterval(() => {
      void this.mayStillLook(watcher).then((may) => (may ? raw.write(': alive\n\n') : end()));
    }, this.heartbeatMs);
    const end = () => {
      clearInterval(heartbeat);
      clearTimeout(gathering);
      stop();
      this.open.delete(raw);
      raw.end();
    };
    this.open.set(raw, { accountId: watcher.accountId, end });
    raw.on('close', end);
    raw.on('error', end);
    // How soon a browser comes back when this ends.
    raw.write('retry: 3000\n\n');
  }

  /** Before the server waits for its last answers: these have none. */
  beforeApplicationShutdown(): void {
    for (const { end } of [...this.open.values()]) end();
  }

  private async mayStillLook({ token, tenantId }: Watcher): Promise<boolean> {
    try {
      const signedIn = await this.sessions.peek(token);
      return signedIn !== undefined && scopesIn(signedIn, tenantId) !== undefined;
    } catch {
      // The database is away: nothing is told meanwhile either.
      return true;
    }
  }
}
