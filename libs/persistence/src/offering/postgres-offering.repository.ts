import {
  OfferingRepository,
  type Offering,
  type OfferingChange,
  type OfferingKind,
  type OfferingRequest,
  type RetiredProduct,
  type TenantId,
} from '#libs/domain';
import type { TenantDatabase, TenantPrisma } from '../database/tenant-database.js';
import type { Statement } from '../database/one-statement.js';
import type { Prisma } from '../generated/client.js';
import { addToOutbox } from '../outbox/outbox-row.js';
import { toRetired, UNAVAILABLE, type UnavailableRow } from './unavailable-rows.js';

const RETIRED = `SELECT product_id, hidden, available_from, retired_at
  FROM product WHERE tenant_id = $1 AND ${UNAVAILABLE}`;

const CURRENT: Statement = {
  name: 'offering.current',
  text: `SELECT o.rules_version AS "rulesVersion", o.reranking_version AS "rerankingVersion",
      COALESCE(rules.document, '[]') AS rules, COALESCE(reranking.document, '{}') AS reranking
    FROM offering o
    LEFT JOIN offering_change rules ON rules.tenant_id = $1 AND rules.kind = 'rules' AND rules.version = o.rules_version
    LEFT JOIN offering_change reranking ON reranking.tenant_id = $1 AND reranking.kind = 'reranking'
      AND reranking.version = o.reranking_version
    WHERE o.tenant_id = $1`,
};

export class PostgresOfferingRepository extends OfferingRepository {
  constructor(private readonly database: TenantDatabase) {
    super();
  }

  override async current(tenantId: TenantId): Promise<Offering> {
    const [row] = await this.database.runOne<Offering>(tenantId, CURRENT, [tenantId]);
    return row ?? { rules: [], rulesVersion: 0, reranking: {}, rerankingVersion: 0 };
  }

  override change(tenantId: TenantId, request: OfferingRequest): Promise<OfferingChange | undefined> {
    const { kind, document, reason, actor, expectedVersion } = request;
    return this.database.run(tenantId, async (prisma) => {
      const version = (await lockVersion(prisma, tenantId, kind)) + 1;
      if (expectedVersion !== undefined && expectedVersion !== version - 1) return undefined;
      const changedAt = new Date();
      const data = {
        tenantId,
        kind,
        version,
        document: document as Prisma.InputJsonValue,
        reason,
        actor,
        changedAt,
      };
      await prisma.offeringChange.create({ data });
      const versions = kind === 'rules' ? { rulesVersion: version } : { rerankingVersion: version };
      await prisma.offering.update({
        where: { tenantId },
        data: { ...versions, revision: { increment: 1 }, changedAt },
      });
      await addToOutbox(prisma, tenantId, 'offering.changed', {});
      return { kind, version, document, reason, actor, changedAt };
    });
  }

  override async retired(tenantId: TenantId): Promise<RetiredProduct[]> {
    const { rows } = await this.database.runBulk(tenantId, (client) =>
      client.query<UnavailableRow>(RETIRED, [tenantId]),
    );
    return rows.map(toRetired);
  }

  override async history(tenantId: TenantId, kind: OfferingKind, limit: number): Promise<OfferingChange[]> {
    const query = { where: { tenantId, kind }, orderBy: { version: 'desc' as const }, take: limit };
    const rows = await this.database.run(tenantId, (prisma) => prisma.offeringChange.findMany(query));
    return rows.map(({ version, document, reason, actor, changedAt }) => ({
      kind,
      version,
      document,
      reason,
      actor,
      changedAt,
    }));
  }
}

/** The newest version; two changes at a time come one after the other, also where there is no row yet. */
async function lockVersion(prisma: TenantPrisma, tenantId: TenantId, kind: OfferingKind): Promise<number> {
  await prisma.$executeRaw`INSERT INTO offering (tenant_id) VALUES (${tenantId}) ON CONFLICT DO NOTHING`;
  const [row] = await prisma.$queryRaw<{ rules_version: number; reranking_version: number }[]>`
    SELECT rules_version, reranking_version FROM offering WHERE tenant_id = ${tenantId} FOR UPDATE`;
  return kind === 'rules' ? row.rules_version : row.reranking_version;
}
