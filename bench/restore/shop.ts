// A tenant of the proof, used as its programs and its customers use it.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTenant, importInteractions } from '../platform/small-world.ts';
import { callJson, query } from '../platform/test-platform.ts';
import type { RestorablePlatform } from './restorable-platform.ts';

/** The sample ends then: later feedback would move the nights' window beyond its rows. */
const SHOWN_AT = '2026-10-31T18:00:00.000Z';

const DEADLINE_MS = 120_000;

export interface Answer {
  readonly status: string;
  readonly statusReason?: string;
  readonly modelVersion: number;
  readonly items: readonly { readonly productId: string; readonly score: number }[];
}

export class Shop {
  readonly slug: string;
  private readonly platform: RestorablePlatform;
  private readonly token: string;

  private constructor(platform: RestorablePlatform, slug: string, token: string) {
    this.platform = platform;
    this.slug = slug;
    this.token = token;
  }

  static async open(platform: RestorablePlatform, slug: string, csv: string): Promise<Shop> {
    return new Shop(platform, slug, await createTenant(platform, slug, csv));
  }

  night(): Promise<{ outcome: string }> {
    return this.platform.cli('run', '--tenant', this.slug, '--wait');
  }

  /** Twelve purchases of a customer. */
  async importPurchases(customerId: string, part: string): Promise<void> {
    const lines = ['eventId,type,customerId,productId,occurredAt,quantity,unitPrice,orderId'];
    const products = await this.column('product_id', 'product');
    products.slice(0, 12).forEach((product, n) => {
      const at = `2026-10-31T1${n % 10}:00:00Z`;
      lines.push(`${part}-${customerId}-${n},purchase,${customerId},${product},${at},1,2.5,`);
    });
    await importInteractions(this.platform, this.slug, this.token, `${lines.join('\n')}\n`);
  }

  /** Shown and bought at the end of the sample, by each of them; answers the rows that reached the database. */
  async feedback(customers: readonly string[]): Promise<number> {
    const events = customers.flatMap((customerId) =>
      ['shown', 'bought'].map((kind) => ({
        ...{ eventId: randomUUID(), kind, customerId, productId: 'p', occurredAt: SHOWN_AT },
      })),
    );
    const headers = { 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body: JSON.stringify({ events }) };
    await callJson(`${this.address}/outcomes`, this.token, init);
    return until('the feedback is stored', async () => {
      const [{ rows }] = await query<{ rows: number }>(
        this.platform.adminUrl,
        'SELECT ((SELECT count(*) FROM impression) + (SELECT count(*) FROM outcome))::integer AS rows',
      );
      return rows === events.length ? rows : undefined;
    });
  }

  /** Answers how many entries the receipt has. */
  async erase(customerId: string): Promise<number> {
    const { erasureId } = await this.platform.cli<{ erasureId: string }>(
      ...['customer', 'erase', '--tenant', this.slug, '--customer', customerId],
    );
    const show = ['erasure', 'show', erasureId, '--tenant', this.slug];
    return until('the customer is erased', async () => {
      const one = await this.platform.cli<{ status: string; receipt: unknown[] }>(...show);
      return one.status === 'succeeded' ? one.receipt.length : undefined;
    });
  }

  async customers(): Promise<string[]> {
    return this.column('customer_id', 'customer');
  }

  answer(customerId: string): Promise<Answer> {
    return callJson<Answer>(`${this.address}/recommendations/${customerId}?count=20`, this.token);
  }

  async answers(customers: readonly string[]): Promise<Answer[]> {
    const found: Answer[] = [];
    for (const customerId of customers) found.push(await this.answer(customerId));
    return found;
  }

  private get address(): string {
    return `${this.platform.platform.record.addresses.serving}/v1/tenants/${this.slug}`;
  }

  private async column(column: string, table: string): Promise<string[]> {
    const rows = await query<{ id: string }>(
      this.platform.adminUrl,
      `SELECT ${column} AS id FROM ${table} JOIN tenant t ON t.id = tenant_id WHERE slug = $1 ORDER BY 1`,
      [this.slug],
    );
    return rows.map(({ id }) => id);
  }
}

export async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const end = Date.now() + DEADLINE_MS;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`In ${DEADLINE_MS / 1000} s not reached: ${what}.`);
    await sleep(300);
  }
}
