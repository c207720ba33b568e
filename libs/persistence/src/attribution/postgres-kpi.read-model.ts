import {
  KpiReadModel,
  type AttributedPurchaseRecord,
  type DailyCounts,
  type DayRange,
  type EarningsTotals,
  type TenantId,
} from '#libs/domain';
import type { TenantDatabase } from '../database/tenant-database.js';

const dateOf = (day: string) => new Date(`${day}T00:00:00Z`);
const dayOf = (date: Date) => date.toISOString().slice(0, 10);

export class PostgresKpiReadModel extends KpiReadModel {
  constructor(private readonly database: TenantDatabase) {
    super();
  }

  override async days(tenantId: TenantId, { first, last }: DayRange): Promise<readonly DailyCounts[]> {
    const where = { tenantId, day: { gte: dateOf(first), lte: dateOf(last) } };
    const rows = await this.database.run(tenantId, (prisma) =>
      prisma.dailyKpi.findMany({ where, orderBy: { day: 'asc' }, omit: { tenantId: true } }),
    );
    return rows.map((row) => ({
      ...row,
      day: dayOf(row.day),
      attributedRevenue: row.attributedRevenue.toNumber(),
    }));
  }

  override async purchases(
    tenantId: TenantId,
    { first, last }: DayRange,
    limit: number,
  ): Promise<readonly AttributedPurchaseRecord[]> {
    const rows = await this.database.run(tenantId, (prisma) =>
      prisma.attributedPurchase.findMany({
        where: { tenantId, day: { gte: dateOf(first), lte: dateOf(last) } },
        orderBy: [{ day: 'desc' }, { boughtAt: 'desc' }, { purchaseId: 'asc' }],
        take: limit,
        omit: { tenantId: true },
      }),
    );
    return rows.map((row) => ({
      ...row,
      day: dayOf(row.day),
      revenue: row.revenue?.toNumber(),
      recommendationId: row.recommendationId ?? undefined,
    }));
  }

  override async earnings(tenantId: TenantId, { first, last }: DayRange): Promise<EarningsTotals> {
    const { rows } = await this.database.runBulk(tenantId, (client) =>
      client.query<Record<keyof EarningsTotals, number>>(EARNINGS, [tenantId, first, last]),
    );
    return rows[0];
  }

  override async nights(
    tenantId: TenantId,
    { first, last }: DayRange,
  ): Promise<Readonly<Record<string, number>>> {
    const groups = await this.database.run(tenantId, (prisma) =>
      prisma.run.groupBy({
        by: ['status', 'outcome'],
        where: {
          tenantId,
          night: { gte: dateOf(first), lte: dateOf(last) },
          status: { in: ['succeeded', 'failed'] },
        },
        orderBy: { outcome: 'asc' },
        _count: true,
      }),
    );
    return Object.fromEntries(groups.map(({ status, outcome, _count }) => [outcome ?? status, _count]));
  }

  override async recordedUntil(tenantId: TenantId): Promise<Date | undefined> {
    const row = await this.database.run(tenantId, (prisma) =>
      prisma.attributionState.findUnique({ where: { tenantId } }),
    );
    return row?.recordedUntil ?? undefined;
  }
}

const EARNINGS = `
  WITH by_customer AS (
    SELECT count(*) AS purchases, count(*) FILTER (WHERE revenue IS NULL) AS without_price,
           coalesce(sum(revenue), 0)::float8 AS revenue
    FROM attributed_purchase WHERE tenant_id = $1 AND day BETWEEN $2::date AND $3::date
    GROUP BY customer_id)
  SELECT count(*)::int AS "customers", coalesce(sum(purchases), 0)::int AS "purchases",
         coalesce(sum(without_price), 0)::int AS "withoutPrice", coalesce(sum(revenue), 0) AS "revenue",
         coalesce(sum(revenue * revenue), 0) AS "squaredRevenue",
         coalesce(sum(purchases * purchases), 0)::float8 AS "squaredPurchases"
  FROM by_customer`;
