import pg from 'pg';
import {
  TENANT_TOPICS,
  TenantEvents,
  type TenantId,
  type TenantListener,
  type TenantTopic,
} from '#libs/domain';
import type { TenantDatabase } from '../database/tenant-database.js';

const CHANNEL = 'tenant_changed';
/** Triggers notify while somebody looks; said again long before it ends. */
const WATCHED_SECONDS = 90;
const RENEW_MS = 30_000;
const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 10_000;

const WATCH = {
  name: 'events.watch',
  text: `INSERT INTO watched_tenant (tenant_id, until) VALUES ($1, now() + make_interval(secs => $2))
    ON CONFLICT (tenant_id) DO UPDATE SET until = EXCLUDED.until`,
};

/** One connection of this process listens for all who look; there is none while nobody does. */
export class PostgresTenantEvents extends TenantEvents {
  private readonly listeners = new Map<TenantId, Set<TenantListener>>();
  private client: pg.Client | undefined;
  private isClosed = false;
  private delayMs = FIRST_DELAY_MS;
  private reconnection: NodeJS.Timeout | undefined;
  private readonly renewal: NodeJS.Timeout;

  constructor(
    private readonly connectionString: string,
    private readonly database: TenantDatabase,
  ) {
    super();
    this.renewal = setInterval(() => this.renew(), RENEW_MS);
    this.renewal.unref();
  }

  override watch(tenantId: TenantId, listener: TenantListener): () => void {
    const known = this.listeners.get(tenantId) ?? new Set();
    this.listeners.set(tenantId, known.add(listener));
    void this.begin(tenantId, listener);
    return () => {
      known.delete(listener);
      if (known.size === 0 && this.listeners.get(tenantId) === known) this.listeners.delete(tenantId);
    };
  }

  override async close(): Promise<void> {
    this.isClosed = true;
    clearInterval(this.renewal);
    clearTimeout(this.reconnection);
    await this.client?.end().catch(() => undefined);
  }

  /** Whatever changed before anybody was told of it is asked for once. */
  private async begin(tenantId: TenantId, listener: TenantListener): Promise<void> {
    this.connect();
    await this.markWatched(tenantId);
    listener('gap');
  }

  private connect(): void {
    if (this.client !== undefined || this.isClosed) return;
    const { connectionString } = this;
    const client = new pg.Client({
      connectionString,
      application_name: 'nightshift-api-events',
      keepAlive: true,
    });
    this.client = client;
    client.on('notification', ({ payload = '' }) => this.tell(payload));
    client.on('error', () => this.lose(client));
    client.on('end', () => this.lose(client));
    client
      .connect()
      .then(() => client.query(`LISTEN ${CHANNEL}`))
      .then(() => this.recover())
      .catch(() => this.lose(client));
  }

  private recover(): void {
    this.delayMs = FIRST_DELAY_MS;
    this.renew();
    for (const known of this.listeners.values()) for (const listener of known) listener('gap');
  }

  private lose(client: pg.Client): void {
    if (this.client !== client || this.isClosed) return;
    this.client = undefined;
    client.end().catch(() => undefined);
    this.reconnection = setTimeout(() => this.connect(), this.delayMs * (0.5 + Math.random() / 2));
    this.reconnection.unref();
    this.delayMs = Math.min(LONGEST_DELAY_MS, 2 * this.delayMs);
  }

  private tell(payload: string): void {
    const [tenant, topic] = payload.split(' ');
    if (!(TENANT_TOPICS as readonly string[]).includes(topic)) return;
    for (const listener of this.listeners.get(Number(tenant)) ?? []) listener(topic as TenantTopic);
  }

  private renew(): void {
    for (const tenantId of this.listeners.keys()) void this.markWatched(tenantId);
  }

  /** Without it the console is only as fresh as it asks by itself. */
  private async markWatched(tenantId: TenantId): Promise<void> {
    await this.database.runOne(tenantId, WATCH, [tenantId, WATCHED_SECONDS]).catch(() => undefined);
  }
}
