import { TenantSummaryReadModel, type ServedModel, type TenantId, type TenantSummary } from '#libs/domain';
import type { TenantDatabase } from '../database/tenant-database.js';
import { HISTORY_COLUMNS, toNightHistory, type HistoryRow } from './night-history.js';

interface SummaryRow {
  readonly customers: string;
  readonly products: string;
  readonly interactions: string;
  readonly last_interaction_at: Date | null;
}

interface ServedRow {
  readonly model_version: number;
  readonly algorithm: string;
  readonly customer_lists: number;
  readonly fallback_lists: number;
  readonly published_at: Date;
  readonly metrics: Readonly<Record<string, unknown>>;
}

export class PostgresTenantSummaryReadModel extends TenantSummaryReadModel {
  constructor(private readonly database: TenantDatabase) {
    super();
  }

  override summarise(tenantId: TenantId): Promise<TenantSummary> {
    return this.database.readSnapshot(tenantId, async (client) => {
      const counts = await client.query<SummaryRow>(
        `SELECT (SELECT count(*) FROM customer WHERE tenant_id = $1) AS customers,
                (SELECT count(*) FROM product WHERE tenant_id = $1) AS products,
                interactions, last_interaction_at
         FROM (SELECT count(*) AS interactions, max(occurred_at) AS last_interaction_at
               FROM interaction WHERE tenant_id = $1) AS history`,
        [tenantId],
      );
      const served = await client.query<ServedRow>(
        `SELECT model_version, algorithm, customer_lists, fallback_lists, published_at, metrics
         FROM serving_pointer
         JOIN publication USING (tenant_id, publication_id, model_version)
         JOIN model_version AS model ON model.tenant_id = publication.tenant_id AND model.version = model_version
         WHERE serving_pointer.tenant_id = $1`,
        [tenantId],
      );
      const { rows: nights } = await client.query<HistoryRow>(
        `SELECT ${HISTORY_COLUMNS} FROM tenant WHERE id = $1`,
        [tenantId],
      );
      const { customers, products, interactions, last_interaction_at } = counts.rows[0];
      return {
        customers: Number(customers),
        products: Number(products),
        interactions: Number(interactions),
        lastInteractionAt: last_interaction_at ?? undefined,
        served: served.rows.length === 0 ? undefined : toServedModel(served.rows[0]),
        history: toNightHistory(nights[0]),
      };
    });
  }

  override sampleCustomer(tenantId: TenantId): Promise<string | undefined> {
    return this.database.readSnapshot(tenantId, async (client) => {
      // The busiest of a sample: a whole history need not be grouped to find somebody worth showing.
      const { rows } = await client.query<{ customer_id: string }>(
        `SELECT customer_id FROM (
           SELECT customer_id FROM interaction WHERE tenant_id = $1 AND customer_id IS NOT NULL LIMIT 20000) AS sample
         GROUP BY customer_id ORDER BY count(*) DESC, customer_id LIMIT 1`,
        [tenantId],
      );
      return rows.at(0)?.customer_id;
    });
  }
}

function toServedModel(row: ServedRow): ServedModel {
  return {
    modelVersion: row.model_version,
    algorithm: row.algorithm,
    customerLists: row.customer_lists,
    fallbackLists: row.fallback_lists,
    publishedAt: row.published_at,
    metrics: row.metrics,
  };
}
