import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { TenantId } from '../tenants/tenant.js';

/** read: lists; feedback: impressions and outcomes; data: imports and runs; admin: lifecycle, registry and keys. */
export const KEY_SCOPES = ['read', 'feedback', 'data', 'admin'] as const;
export type KeyScope = (typeof KEY_SCOPES)[number];

/** What is stored of a key: never the secret itself. */
export interface ApiKey {
  readonly tenantId: TenantId;
  readonly keyId: string;
  readonly name: string;
  /** Hexadecimal SHA-256. The secret has 256 random bits, so a slow password hash would add nothing but delay. */
  readonly secretSha256: string;
  readonly scopes: readonly KeyScope[];
  readonly expiresAt: Date | undefined;
  readonly revokedAt: Date | undefined;
}

/** A key as its tenant sees it. */
export interface ListedApiKey extends ApiKey {
  /** To about a minute; undefined before the first use. */
  readonly lastUsedAt: Date | undefined;
}

/** That a key was let in, and when for the last time. */
export interface KeyUse {
  readonly tenantId: TenantId;
  readonly keyId: string;
  readonly at: Date;
}

const KEY_PATTERN = /^ns_live_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/;

export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** A new key: `token` is shown once and kept nowhere. */
export function createKeyToken(): { keyId: string; secretSha256: string; token: string } {
  const keyId = randomBytes(8).toString('hex');
  const secret = randomBytes(32).toString('base64url');
  return { keyId, secretSha256: hashSecret(secret), token: `ns_live_${keyId}_${secret}` };
}

export function parseKeyToken(token: string): { keyId: string; secret: string } | undefined {
  const match = KEY_PATTERN.exec(token);
  return match === null ? undefined : { keyId: match[1], secret: match[2] };
}

/** Whether `secret` opens `key` now; the comparison takes the same time wherever they differ. */
export function keyAccepts(key: ApiKey, secret: string, now: Date): boolean {
  const same = timingSafeEqual(Buffer.from(hashSecret(secret), 'hex'), Buffer.from(key.secretSha256, 'hex'));
  if (!same || key.revokedAt !== undefined) return false;
  return key.expiresAt === undefined || key.expiresAt.getTime() > now.getTime();
}
