import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { provisionDatabase } from './provision.ts';
import { dropDatabase, withClient, withDatabase } from './provisioning/database.ts';
import { LOGIN_KINDS, loginNameOf } from './provisioning/logins.ts';

/** Whether PostgreSQL keeps this password for the login: RFC 5802's StoredKey, or the older md5. */
function isStored(verifier: string, login: string, password: string): boolean {
  const [, iterations, salt, storedKey] = /^SCRAM-SHA-256\$(\d+):([^$]+)\$([^:]+):/.exec(verifier) ?? [];
  if (iterations === undefined || salt === undefined)
    return verifier === `md5${createHash('md5').update(`${password}${login}`).digest('hex')}`;
  const salted = pbkdf2Sync(password, Buffer.from(salt, 'base64'), Number(iterations), 32, 'sha256');
  const clientKey = createHmac('sha256', salted).update('Client Key').digest();
  return createHash('sha256').update(clientKey).digest('base64') === storedKey;
}

describe('provisionDatabase', () => {
  // Quotes and capitals: every identifier must be quoted.
  const database = `nightshift "Odd' ${randomBytes(4).toString('hex')}`;
  const serverUrl = process.env.TEST_ADMIN_DATABASE_URL!;
  const adminUrl = withDatabase(serverUrl, database);
  const stateDir = mkdtempSync(path.join(os.tmpdir(), 'nightshift-provision-'));
  const migrate = async (url: string): Promise<void> => {
    await withClient(url, (client) => client.query('CREATE TABLE IF NOT EXISTS things (id int)'));
  };
  const whoAmI = (url: string): Promise<string> =>
    withClient(
      url,
      async (client) => (await client.query('SELECT current_user')).rows[0].current_user as string,
    );

  /** A caller's server may trust its network: then no password is looked at, and none can be refused. */
  const asksForPasswords = async (url: string): Promise<boolean> => {
    const wrong = new URL(url);
    wrong.password = 'nobody-has-ever-set-this';
    return whoAmI(wrong.toString()).then(
      () => false,
      (error: Error) => /password authentication failed/.test(error.message),
    );
  };
  /** What the server keeps of a login's password; only a superuser may look. */
  const verifierOf = (login: string): Promise<string | undefined> =>
    withClient(serverUrl, async (client) => {
      const { rows } = await client.query("SELECT has_table_privilege('pg_authid', 'SELECT') AS may");
      if (!rows[0].may) return undefined;
      const found = await client.query('SELECT rolpassword FROM pg_authid WHERE rolname = $1', [login]);
      return found.rows[0].rolpassword as string;
    });

  afterAll(async () => {
    await dropDatabase(
      adminUrl,
      LOGIN_KINDS.map((kind) => loginNameOf(database, kind)),
    );
    rmSync(stateDir, { recursive: true });
  });

  it('makes the database and logins that can connect, twice the same', async () => {
    const first = await provisionDatabase(adminUrl, { stateDir, migrate });
    const second = await provisionDatabase(adminUrl, { stateDir, migrate });
    expect(second).toEqual(first);
    expect(await whoAmI(first.app)).toBe(`${database}_app`);
    expect(await whoAmI(first.serving)).toBe(`${database}_serving`);
    expect(statSync(path.join(stateDir, 'database-roles.json')).mode & 0o777).toBe(0o600);
  });

  it('sets new passwords when the file with the old ones is lost', async () => {
    const before = await provisionDatabase(adminUrl, { stateDir, migrate });
    rmSync(path.join(stateDir, 'database-roles.json'));
    const after = await provisionDatabase(adminUrl, { stateDir, migrate });
    expect(after.app).not.toBe(before.app);
    expect(await whoAmI(after.app)).toBe(`${database}_app`);
    const login = loginNameOf(database, 'app');
    const verifier = await verifierOf(login);
    const isKept = (url: string): boolean =>
      isStored(verifier!, login, decodeURIComponent(new URL(url).password));
    if (verifier !== undefined) expect([isKept(after.app), isKept(before.app)]).toEqual([true, false]);
    if (await asksForPasswords(after.app))
      await expect(whoAmI(before.app)).rejects.toThrow(/password authentication failed/);
    else await expect(whoAmI(before.app)).resolves.toBe(login);
  });

  it('is safe when several programs do it at once', async () => {
    const all = await Promise.all(
      [1, 2, 3].map(() => provisionDatabase(adminUrl, { stateDir, migrate: async () => {} })),
    );
    expect(new Set(all.map(({ platform }) => platform)).size).toBe(1);
    expect(readFileSync(path.join(stateDir, 'database-roles.json'), 'utf8')).toContain('_platform');
  });

  it('lets no other login in', async () => {
    const stranger = `stranger_${randomBytes(4).toString('hex')}`;
    await withClient(serverUrl, (client) =>
      client.query(`CREATE ROLE ${pg.escapeIdentifier(stranger)} LOGIN PASSWORD 'secret'`),
    );
    try {
      const url = new URL(adminUrl);
      [url.username, url.password] = [stranger, 'secret'];
      await expect(whoAmI(url.toString())).rejects.toThrow(/permission denied for database/);
    } finally {
      await withClient(serverUrl, (client) => client.query(`DROP ROLE ${pg.escapeIdentifier(stranger)}`));
    }
  });

  it('refuses a login name that belongs to a powerful role', async () => {
    const login = loginNameOf(database, 'app');
    await withClient(serverUrl, (client) =>
      client.query(`ALTER ROLE ${pg.escapeIdentifier(login)} CREATEDB`),
    );
    await expect(provisionDatabase(adminUrl, { stateDir, migrate })).rejects.toThrow(/more powerful/);
    await withClient(serverUrl, (client) =>
      client.query(`ALTER ROLE ${pg.escapeIdentifier(login)} NOCREATEDB`),
    );
  });

  it('works for an administrator who is no superuser', async () => {
    const suffix = randomBytes(4).toString('hex');
    const [owner, owned] = [`owner_${suffix}`, `owned_${suffix}`];
    const url = new URL(withDatabase(serverUrl, owned));
    [url.username, url.password] = [owner, 'secret'];
    await withClient(serverUrl, async (client) => {
      await client.query(`CREATE ROLE ${owner} LOGIN CREATEROLE PASSWORD 'secret'`);
      // On such a server the group roles were made by that administrator; here by another one, who must share them.
      for (const kind of LOGIN_KINDS)
        await client.query(`GRANT nightshift_${kind} TO ${owner} WITH ADMIN OPTION`);
      await client.query(`CREATE DATABASE ${owned} OWNER ${owner}`);
    });
    try {
      const logins = await provisionDatabase(url.toString(), { stateDir, migrate });
      expect(await whoAmI(logins.platform)).toBe(`${owned}_platform`);
    } finally {
      await dropDatabase(
        withDatabase(serverUrl, owned),
        LOGIN_KINDS.map((kind) => loginNameOf(owned, kind)),
      );
      await withClient(serverUrl, (client) => client.query(`DROP OWNED BY ${owner}; DROP ROLE ${owner}`));
    }
  });

  it('keeps logins apart from the group roles', () => {
    expect(loginNameOf('nightshift', 'app')).toBe('nightshift_app_login');
    expect(loginNameOf('shop', 'app')).toBe('shop_app');
  });

  it('keeps long names apart', () => {
    const names = ['a', 'b'].map((end) => loginNameOf('x'.repeat(60) + end, 'serving'));
    expect(names[0]).not.toBe(names[1]);
    expect(names.every((name) => Buffer.byteLength(name) <= 63)).toBe(true);
  });
});
