import { ApiKeyRepository, ApiKeyService, MOST_KEYS, type KeyRotation } from './api-key.service.js';
import { createKeyToken, hashSecret, keyAccepts, parseKeyToken, type ApiKey } from './api-key.js';
import type { Tenant } from '../tenants/tenant.js';

const NOW = new Date('2026-11-21T10:00:00Z');

function keyOf(secret: string, change: Partial<ApiKey> = {}): ApiKey {
  const base = { tenantId: 1, keyId: '0123456789abcdef', name: 'shop', scopes: ['read'] as const };
  return { ...base, secretSha256: hashSecret(secret), expiresAt: undefined, revokedAt: undefined, ...change };
}

describe('a key token', () => {
  it('is read back into its id and secret, and the secret is not stored', () => {
    const { keyId, secretSha256, token } = createKeyToken();
    const parsed = parseKeyToken(token);
    expect(parsed).toEqual({ keyId, secret: token.slice(-43) });
    expect(secretSha256).toBe(hashSecret(token.slice(-43)));
    expect(secretSha256).not.toContain(token.slice(-43));
  });

  it('never comes twice', () => {
    expect(new Set(Array.from({ length: 200 }, () => createKeyToken().token)).size).toBe(200);
  });

  const { token } = createKeyToken();
  it.each([
    '',
    'ns_live_',
    token.slice(0, -1),
    `${token}x`,
    `${token}\n`,
    ` ${token}`,
    token.replace('ns_live_', 'ns_test_'),
    token.toUpperCase(),
    `${token.slice(0, -1)}+`,
  ])('is refused when malformed: %j', (text) => expect(parseKeyToken(text)).toBeUndefined());

  it('hashes as SHA-256', () => {
    expect(hashSecret('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});

describe('keyAccepts', () => {
  it('opens for its own secret only', () => {
    expect(keyAccepts(keyOf('s'), 's', NOW)).toBe(true);
    expect(keyAccepts(keyOf('s'), 'S', NOW)).toBe(false);
    expect(keyAccepts(keyOf('s'), '', NOW)).toBe(false);
  });

  it('ends at the moment of its expiry', () => {
    expect(keyAccepts(keyOf('s', { expiresAt: new Date(NOW.getTime() + 1) }), 's', NOW)).toBe(true);
    expect(keyAccepts(keyOf('s', { expiresAt: NOW }), 's', NOW)).toBe(false);
  });

  it('ends when it is revoked, even when it never expires', () => {
    expect(keyAccepts(keyOf('s', { revokedAt: NOW }), 's', NOW)).toBe(false);
  });
});

describe('ApiKeyService', () => {
  class Keys extends ApiKeyRepository {
    readonly keys = new Map<string, ApiKey>();
    override add = async (key: ApiKey) => void this.keys.set(key.keyId, key);
    override findPresented = async (keyId: string) => this.keys.get(keyId);
    override list = async () => [...this.keys.values()].map((key) => ({ ...key, lastUsedAt: undefined }));
    override revoke = async (_tenantId: number, keyId: string, revokedAt: Date) => {
      const key = this.keys.get(keyId);
      if (key !== undefined) this.keys.set(keyId, { ...key, revokedAt });
      return key !== undefined;
    };
    override rotate = async (_tenantId: number, keyId: string, { createSuccessor, endsAt }: KeyRotation) => {
      const old = this.keys.get(keyId);
      if (old === undefined) return 'notFound' as const;
      const successor = createSuccessor(old);
      this.keys.set(successor.keyId, successor).set(keyId, { ...old, expiresAt: endsAt });
      return 'rotated' as const;
    };
  }
  const tenant = { id: 7 } as Tenant;

  it('lets a key in from its creation to its revocation', async () => {
    const service = new ApiKeyService(new Keys());
    const { key, token } = await service.create(tenant, { name: 'shop', scopes: ['read', 'feedback'] });
    expect(await service.authenticate(token)).toEqual(key);
    expect(key).toMatchObject({ tenantId: 7, scopes: ['read', 'feedback'], expiresAt: undefined });
    expect(await service.revoke(tenant, key.keyId)).toBe(true);
    expect(await service.authenticate(token)).toBeUndefined();
  });

  it('does not let the id of one key in with the secret of another', async () => {
    const service = new ApiKeyService(new Keys());
    const one = await service.create(tenant, { name: 'one', scopes: ['read'] });
    const two = await service.create(tenant, { name: 'two', scopes: ['admin'] });
    expect(await service.authenticate(`ns_live_${two.key.keyId}_${one.token.slice(-43)}`)).toBeUndefined();
    expect(await service.authenticate(createKeyToken().token)).toBeUndefined();
  });

  it('makes a successor with the same name and scopes, and a secret of its own', async () => {
    const keys = new Keys();
    const service = new ApiKeyService(keys);
    const old = await service.create(tenant, { name: 'shop', scopes: ['read'] });
    const { key, token } = await service.rotate(tenant, old.key.keyId, 2, NOW);
    expect(key).toMatchObject({ tenantId: 7, name: 'shop', scopes: ['read'], expiresAt: undefined });
    expect(key.keyId).not.toBe(old.key.keyId);
    expect(key.secretSha256).not.toBe(old.key.secretSha256);
    expect(await service.authenticate(token)).toEqual(key);
    expect(keys.keys.get(old.key.keyId)?.expiresAt).toEqual(new Date(NOW.getTime() + 7_200_000));
    await expect(service.rotate(tenant, 'nobody')).rejects.toMatchObject({ code: 'notFound' });
  });

  it('makes so many keys and no more, those that have ended not counted', async () => {
    const keys = new Keys();
    const service = new ApiKeyService(keys);
    const make = () => service.create(tenant, { name: 'shop', scopes: ['read'] });
    const made = [];
    for (let i = 0; i < MOST_KEYS; i++) made.push(await make());
    await expect(make()).rejects.toMatchObject({ kind: 'conflict', code: 'tooManyKeys' });
    await service.revoke(tenant, made[0].key.keyId);
    await make();
    await expect(make()).rejects.toMatchObject({ code: 'tooManyKeys' });
    const last = made.at(-1)?.key as ApiKey;
    keys.keys.set(last.keyId, { ...last, expiresAt: new Date(Date.now() - 1) });
    await make();
    expect(keys.keys.size).toBe(MOST_KEYS + 2);
  });

  it('makes no key that may do nothing', async () => {
    const keys = new Keys();
    await expect(new ApiKeyService(keys).create(tenant, { name: 'x', scopes: [] })).rejects.toMatchObject({
      code: 'scopeRequired',
    });
    expect(keys.keys.size).toBe(0);
  });
});
