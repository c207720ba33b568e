import {
  ApiKeyRepository,
  KEY_SCOPES,
  type ApiKey,
  type KeyRotation,
  type KeyScope,
  type ListedApiKey,
  type RotationResult,
  type TenantId,
} from '#libs/domain';
import type { ApiKey as ApiKeyRow } from '../generated/client.js';
import type { TenantDatabase } from '../database/tenant-database.js';

interface PresentedKeyRow {
  readonly tenant_id: number;
  readonly key_id: string;
  readonly name: string;
  readonly secret_sha256: string;
  readonly scopes: string[];
  readonly expires_at: Date | null;
  readonly revoked_at: Date | null;
}

export class PostgresApiKeyRepository extends ApiKeyRepository {
  constructor(private readonly database: TenantDatabase) {
    super();
  }

  override async add(key: ApiKey): Promise<void> {
    await this.database.run(key.tenantId, (prisma) => prisma.apiKey.create({ data: toRow(key) }));
  }

  /** On a plain connection: this is on the way of every request, before the tenant is known. */
  override findPresented(keyId: string): Promise<ApiKey | undefined> {
    return this.database.runNamed({ keyId }, async (client) => {
      const { rows } = await client.query<PresentedKeyRow>(
        `SELECT tenant_id, key_id, name, secret_sha256, scopes, expires_at, revoked_at FROM api_key WHERE key_id = $1`,
        [keyId],
      );
      return rows.length === 0 ? undefined : fromPresented(rows[0]);
    });
  }

  override async list(tenantId: TenantId): Promise<ListedApiKey[]> {
    const query = { where: { tenantId }, orderBy: { createdAt: 'asc' as const } };
    return (await this.database.run(tenantId, (prisma) => prisma.apiKey.findMany(query))).map((row) => ({
      ...toApiKey(row),
      lastUsedAt: row.lastUsedAt ?? undefined,
    }));
  }

  override revoke(tenantId: TenantId, keyId: string, at: Date): Promise<boolean> {
    return this.database.run(tenantId, async (prisma) => {
      // A key that was revoked before keeps the moment at which it really ended.
      await prisma.apiKey.updateMany({
        where: { tenantId, keyId, revokedAt: null },
        data: { revokedAt: at },
      });
      return (await prisma.apiKey.count({ where: { tenantId, keyId } })) > 0;
    });
  }

  override rotate(tenantId: TenantId, keyId: string, change: KeyRotation): Promise<RotationResult> {
    return this.database.run(tenantId, async (prisma) => {
      // Two rotations at once would both find one living key: they wait for each other here.
      await prisma.$executeRaw`SELECT FROM api_key WHERE tenant_id = ${tenantId} FOR UPDATE`;
      const row = await prisma.apiKey.findUnique({ where: { tenantId_keyId: { tenantId, keyId } } });
      if (row === null) return 'notFound';
      const live = { revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: change.now } }] };
      const living = await prisma.apiKey.findMany({ where: { tenantId, name: row.name, ...live } });
      if (!living.some((key) => key.keyId === keyId)) return 'ended';
      if (living.length > 1) return 'underWay';
      await prisma.apiKey.create({ data: toRow(change.createSuccessor(toApiKey(row))) });
      if (row.expiresAt === null || row.expiresAt > change.endsAt)
        await prisma.apiKey.updateMany({ where: { tenantId, keyId }, data: { expiresAt: change.endsAt } });
      return 'rotated';
    });
  }
}

function toRow(key: ApiKey) {
  const { tenantId, keyId, name, secretSha256, scopes, expiresAt, revokedAt } = key;
  return {
    ...{ tenantId, keyId, name, secretSha256, scopes: [...scopes] },
    ...{ expiresAt: expiresAt ?? null, revokedAt: revokedAt ?? null },
  };
}

function toApiKey(row: ApiKeyRow): ApiKey {
  return {
    tenantId: row.tenantId,
    keyId: row.keyId,
    name: row.name,
    secretSha256: row.secretSha256,
    scopes: knownScopes(row.scopes),
    expiresAt: row.expiresAt ?? undefined,
    revokedAt: row.revokedAt ?? undefined,
  };
}

function fromPresented(row: PresentedKeyRow): ApiKey {
  return {
    tenantId: row.tenant_id,
    keyId: row.key_id,
    name: row.name,
    secretSha256: row.secret_sha256,
    scopes: knownScopes(row.scopes),
    expiresAt: row.expires_at ?? undefined,
    revokedAt: row.revoked_at ?? undefined,
  };
}

/** A scope that this version does not know opens nothing. */
function knownScopes(scopes: readonly string[]): KeyScope[] {
  return KEY_SCOPES.filter((scope) => scopes.includes(scope));
}
