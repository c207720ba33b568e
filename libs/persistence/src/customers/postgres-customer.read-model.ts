import {
  CustomerReadModel,
  type CustomerDetail,
  type CustomerProfileRow,
  type NamedLists,
  type TenantId,
} from '#libs/domain';
import type { TenantDatabase } from '../database/tenant-database.js';

const MOST_HISTORY = 100;

interface ProfileRow {
  readonly customer_id: string;
  readonly country: string | null;
  readonly region: string | null;
  readonly segment: string | null;
  readonly tier: string | null;
  readonly age_band: string | null;
  readonly gender: string | null;
}

interface HistoryRow {
  readonly type: string;
  readonly product_id: string;
  readonly name: string | null;
  readonly occurred_at: Date;
  readonly quantity: number | null;
  readonly unit_price: string | null;
  readonly interactions: string;
}

const PROFILE = 'customer_id, country, region, segment, tier, age_band, gender';

export class PostgresCustomerReadModel extends CustomerReadModel {
  constructor(private readonly database: TenantDatabase) {
    super();
  }

  override search(tenantId: TenantId, beginning: string, limit: number): Promise<CustomerProfileRow[]> {
    return this.database.readSnapshot(tenantId, async (client) => {
      const { rows } = await client.query<ProfileRow>(
        `SELECT ${PROFILE} FROM customer
         WHERE tenant_id = $1 AND starts_with(lower(customer_id), lower($2)) ORDER BY customer_id LIMIT $3`,
        [tenantId, beginning, limit],
      );
      return rows.map(toProfile);
    });
  }

  override find(tenantId: TenantId, customerId: string): Promise<CustomerDetail | undefined> {
    return this.database.readSnapshot(tenantId, async (client) => {
      const profiles = await client.query<ProfileRow>(
        `SELECT ${PROFILE} FROM customer WHERE tenant_id = $1 AND customer_id = $2`,
        [tenantId, customerId],
      );
      if (profiles.rows.length === 0) return undefined;
      const { rows } = await client.query<HistoryRow>(
        `SELECT past.*, product.name FROM (
           SELECT tenant_id, type, product_id, occurred_at, quantity, unit_price, count(*) OVER () AS interactions
           FROM interaction WHERE tenant_id = $1 AND customer_id = $2
           ORDER BY occurred_at DESC, event_id LIMIT ${MOST_HISTORY}) AS past
         LEFT JOIN product USING (tenant_id, product_id) ORDER BY occurred_at DESC`,
        [tenantId, customerId],
      );
      const history = rows.map((row) => ({
        ...{ type: row.type, productId: row.product_id, productName: row.name ?? undefined },
        ...{ occurredAt: row.occurred_at, quantity: row.quantity ?? undefined },
        unitPrice: row.unit_price === null ? undefined : Number(row.unit_price),
      }));
      return { ...toProfile(profiles.rows[0]), interactions: Number(rows.at(0)?.interactions ?? 0), history };
    });
  }

  override productNames(
    tenantId: TenantId,
    productIds: readonly string[],
  ): Promise<ReadonlyMap<string, string>> {
    return this.database.readSnapshot(tenantId, async (client) => {
      const { rows } = await client.query<{ product_id: string; name: string }>(
        `SELECT product_id, name FROM product
         WHERE tenant_id = $1 AND product_id = ANY ($2) AND name IS NOT NULL`,
        [tenantId, productIds],
      );
      return new Map(rows.map(({ product_id, name }) => [product_id, name]));
    });
  }

  override listsOf(tenantId: TenantId, modelVersion: number): Promise<NamedLists | undefined> {
    return this.database.readSnapshot(tenantId, async (client) => {
      const { rows } = await client.query<{ list_file: string }>(
        `SELECT list_file FROM publication WHERE tenant_id = $1 AND model_version = $2
         ORDER BY published_at DESC LIMIT 1`,
        [tenantId, modelVersion],
      );
      return rows.length === 0 ? undefined : { listFile: rows[0].list_file, modelVersion };
    });
  }
}

function toProfile(row: ProfileRow): CustomerProfileRow {
  return {
    customerId: row.customer_id,
    country: row.country ?? undefined,
    region: row.region ?? undefined,
    segment: row.segment ?? undefined,
    tier: row.tier ?? undefined,
    ageBand: row.age_band ?? undefined,
    gender: row.gender ?? undefined,
  };
}
