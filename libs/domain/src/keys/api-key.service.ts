import { InvalidInputError } from '../errors/nightshift-error.js';
import type { Tenant, TenantId } from '../tenants/tenant.js';
import { createKeyToken, keyAccepts, parseKeyToken, type ApiKey, type KeyScope } from './api-key.js';

export abstract class ApiKeyRepository {
  abstract add(key: ApiKey): Promise<void>;
  /** The one key with this id, whichever tenant it belongs to: whoever names it has been shown it. */
  abstract findPresented(keyId: string): Promise<ApiKey | undefined>;
  abstract list(tenantId: TenantId): Promise<ApiKey[]>;
  /** False when the tenant has no such key. */
  abstract revoke(tenantId: TenantId, keyId: string, at: Date): Promise<boolean>;
}

export interface NewApiKey {
  readonly name: string;
  readonly scopes: readonly KeyScope[];
  readonly expiresAt?: Date;
}

export class ApiKeyService {
  constructor(private readonly repository: ApiKeyRepository) {}

  /** The token in the answer is shown this once; only its hash is stored. */
  async create(tenant: Tenant, request: NewApiKey): Promise<{ key: ApiKey; token: string }> {
    if (request.scopes.length === 0)
      throw new InvalidInputError('scopeRequired', 'A key needs at least one scope.');
    const { keyId, secretSha256, token } = createKeyToken();
    const key: ApiKey = {
      tenantId: tenant.id,
      keyId,
      name: request.name,
      secretSha256,
      scopes: request.scopes,
      expiresAt: request.expiresAt,
      revokedAt: undefined,
    };
    await this.repository.add(key);
    return { key, token };
  }

  /** The key behind a token, or undefined when it is malformed, unknown, wrong, expired or revoked: never which of them. */
  async authenticate(token: string): Promise<ApiKey | undefined> {
    const parsed = parseKeyToken(token);
    if (parsed === undefined) return undefined;
    const key = await this.repository.findPresented(parsed.keyId);
    return key !== undefined && keyAccepts(key, parsed.secret, new Date()) ? key : undefined;
  }

  list(tenant: Tenant): Promise<ApiKey[]> {
    return this.repository.list(tenant.id);
  }

  revoke(tenant: Tenant, keyId: string): Promise<boolean> {
    return this.repository.revoke(tenant.id, keyId, new Date());
  }
}
