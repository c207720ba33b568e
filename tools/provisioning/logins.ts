import { createHash, randomBytes } from 'node:crypto';
import path from 'node:path';
import pg from 'pg';
import { readPrivateJson, writePrivateJson } from '../services/private-files.ts';
import { databaseNameOf, withClient } from './database.ts';

export const LOGIN_KINDS = ['app', 'platform', 'serving', 'accounts'] as const;
export type LoginKind = (typeof LOGIN_KINDS)[number];
export type LoginUrls = Record<LoginKind, string>;

type Passwords = Record<string, string>;

const LONGEST_IDENTIFIER_BYTES = 63; // PostgreSQL cuts longer names silently, and two could become one
// Roles belong to the whole server, so the lock must too; advisory locks are per database, except that all provisioning
// of one database meets here. Roles of different databases have different names and need no lock between them.
const PROVISION_LOCK = 7_216_553_001;
const ROLE_CLASH = ['23505', '42710', 'XX000']; // created, or its row changed, in the same moment by somebody else

export const groupRoleOf = (kind: LoginKind): string => `nightshift_${kind}`;

export function loginNameOf(database: string, kind: LoginKind): string {
  // A database called "nightshift" would have its logins named like the group roles, which must not log in.
  const plain = `${database}_${kind}`;
  const name = LOGIN_KINDS.map(groupRoleOf).includes(plain) ? `${plain}_login` : plain;
  if (Buffer.byteLength(name) <= LONGEST_IDENTIFIER_BYTES) return name;
  const digest = createHash('sha256').update(database).digest('hex').slice(0, 16);
  return `${database.replace(/[^\x20-\x7e]/g, '_').slice(0, 36)}_${digest}_${kind}`;
}

/** Passwords by login name; a lost file only means that all of them get new ones. */
function readOrMakePasswords(stateDir: string, names: string[]): Passwords {
  const file = path.join(stateDir, 'database-roles.json');
  const known = readPrivateJson<Passwords>(file) ?? {};
  const missing = names.filter((name) => typeof known[name] !== 'string');
  if (missing.length === 0) return known;
  const passwords = { ...known };
  for (const name of missing) passwords[name] = randomBytes(24).toString('base64url');
  writePrivateJson(file, passwords);
  return passwords;
}

async function ensureLogin(client: pg.Client, name: string, group: string, password: string): Promise<void> {
  const [role, groupRole, secret] = [
    pg.escapeIdentifier(name),
    pg.escapeIdentifier(group),
    pg.escapeLiteral(password),
  ];
  const { rows } = await client.query<{ powerful: boolean; member: boolean }>(
    `SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb AS powerful,
            EXISTS (SELECT FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid
                    WHERE m.member = r.oid AND g.rolname = $2) AS member
     FROM pg_roles r WHERE rolname = $1`,
    [name, group],
  );
  const found = rows[0];
  // A role that can do more than it should was not made here. Taking its password over would be worse than stopping.
  if (found?.powerful) {
    throw new Error(
      `The database role ${name} exists and is more powerful than a login of Nightshift may be.`,
    );
  }
  // Only a superuser may name SUPERUSER, BYPASSRLS and the like, even to deny them; a new role has none of them.
  if (!found) await client.query(`CREATE ROLE ${role} LOGIN INHERIT PASSWORD ${secret}`);
  else await client.query(`ALTER ROLE ${role} LOGIN INHERIT PASSWORD ${secret}`);
  if (!found?.member) await client.query(`GRANT ${groupRole} TO ${role}`);
}

async function ensureLogins(client: pg.Client, database: string, passwords: Passwords): Promise<void> {
  const quoted = pg.escapeIdentifier(database);
  await client.query('BEGIN');
  try {
    await client.query('SELECT pg_advisory_xact_lock($1)', [PROVISION_LOCK]);
    // By default everybody who can log in to the server may connect to every database.
    await client.query(`REVOKE CONNECT ON DATABASE ${quoted} FROM PUBLIC`);
    for (const kind of LOGIN_KINDS) {
      const name = loginNameOf(database, kind);
      await ensureLogin(client, name, groupRoleOf(kind), passwords[name]!);
      await client.query(`GRANT CONNECT ON DATABASE ${quoted} TO ${pg.escapeIdentifier(name)}`);
    }
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  }
}

export async function createLogins(adminUrl: string, stateDir: string): Promise<LoginUrls> {
  const database = databaseNameOf(adminUrl);
  const passwords = readOrMakePasswords(
    stateDir,
    LOGIN_KINDS.map((kind) => loginNameOf(database, kind)),
  );
  await withClient(adminUrl, async (client) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await ensureLogins(client, database, passwords);
      } catch (error) {
        const isClash = ROLE_CLASH.includes((error as pg.DatabaseError).code ?? '');
        if (!isClash || attempt === 3) throw error;
      }
    }
  });
  const urlFor = (kind: LoginKind): string => {
    const name = loginNameOf(database, kind);
    const url = new URL(adminUrl);
    url.username = encodeURIComponent(name);
    url.password = encodeURIComponent(passwords[name]!);
    return url.toString();
  };
  return Object.fromEntries(LOGIN_KINDS.map((kind) => [kind, urlFor(kind)])) as LoginUrls;
}
