import { ConflictError, InvalidInputError, NotFoundError } from '../errors/nightshift-error.js';
import type { Tenant, TenantId } from '../tenants/tenant.js';
import {
  createKeyToken,
  keyAccepts,
  parseKeyToken,
  type ApiKey,
  type KeyScope,
  type KeyUse,
  type ListedApiKey,
} from './api-key.js';

export abstract class ApiKeyRepository {
  abstract add(key: ApiKey): Promise<void>;
  /** The one key with this id, whichever tenant it belongs to: whoever names it has been shown it. */
  abstract findPresented(keyId: string): Promise<ApiKey | undefined>;
  abstract list(tenantId: TenantId): Promise<ListedApiKey[]>;
  /** False when the tenant has no such key. */
  abstract revoke(tenantId: TenantId, keyId: string, at: Date): Promise<boolean>;
  /** Adds `successor` and lets the old key end at `endsAt`, at once and under a lock. */
  abstract rotate(tenantId: TenantId, keyId: string, change: KeyRotation): Promise<RotationResult>;
}

export interface KeyRotation {
  readonly createSuccessor: (old: ApiKey) => ApiKey;
  /** For the old key, unless it ends before anyway. */
  readonly endsAt: Date;
  readonly now: Date;
}

/** `ended`: a key that opens nothing has no successor. `underWay`: two keys of this name live already. */
export type RotationResult = 'rotated' | 'notFound' | 'ended' | 'underWay';

/** Where processes note which keys they have let in. */
export abstract class KeyUseRepository {
  abstract note(uses: readonly KeyUse[]): Promise<void>;
}

/** How long a key and its successor both open when nobody says otherwise, and at most. */
export const DEFAULT_OVERLAP_HOURS = 24;
export const MAXIMUM_OVERLAP_HOURS = 720;
const HOUR_MS = 3_600_000;
/** Of a tenant, those that have ended not counted. */
export const MOST_KEYS = 100;

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
    await this.checkNumber(tenant);
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

  /** Each key has a limit of its own: with keys without end there would be none. */
  private async checkNumber(tenant: Tenant): Promise<void> {
    const now = new Date();
    const isLiving = ({ revokedAt, expiresAt }: ListedApiKey) =>
      revokedAt === undefined && (expiresAt === undefined || expiresAt > now);
    const living = (await this.repository.list(tenant.id)).filter(isLiving).length;
    if (living >= MOST_KEYS)
      throw new ConflictError(
        'tooManyKeys',
        `A tenant has at most ${MOST_KEYS} keys; end one of them first.`,
      );
  }

  /** The key behind a token, or undefined when it is malformed, unknown, wrong, expired or revoked: never which of them. */
  async authenticate(token: string): Promise<ApiKey | undefined> {
    const parsed = parseKeyToken(token);
    if (parsed === undefined) return undefined;
    const key = await this.repository.findPresented(parsed.keyId);
    return key !== undefined && keyAccepts(key, parsed.secret, new Date()) ? key : undefined;
  }

  list(tenant: Tenant): Promise<ListedApiKey[]> {
    return this.repository.list(tenant.id);
  }

  revoke(tenant: Tenant, keyId: string): Promise<boolean> {
    return this.repository.revoke(tenant.id, keyId, new Date());
  }

  /**
   * A successor with the same name and scopes. Both open for the overlap, so that every place that uses the key can be changed in
   * time; never more than two, so that a rotation is not a way to collect keys.
   */
  async rotate(
    tenant: Tenant,
    keyId: string,
    overlapHours = DEFAULT_OVERLAP_HOURS,
    now = new Date(),
  ): Promise<{ key: ApiKey; token: string }> {
    const { keyId: newId, secretSha256, token } = createKeyToken();
    let successor: ApiKey | undefined;
    const result = await this.repository.rotate(tenant.id, keyId, {
      createSuccessor: (old) =>
        (successor = { ...old, keyId: newId, secretSha256, expiresAt: old.expiresAt }),
      endsAt: new Date(now.getTime() + overlapHours * HOUR_MS),
      now,
    });
    if (result === 'notFound') throw new NotFoundError('key', keyId);
    if (result === 'ended') throw new ConflictError('keyEnded', 'This key has ended; create a new one.');
    if (result === 'underWay' || successor === undefined)
      throw new ConflictError(
        'rotationUnderWay',
        'Two keys of this name live already; end one of them first.',
      );
    return { key: successor, token };
  }
}
