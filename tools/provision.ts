// From an administrator's database URL to a migrated database and the three logins that the programs use.
//
// Migrations are the only thing that runs as administrator. The programs get logins that can do less: `app` is held to one
// tenant by row-level security, `platform` works across tenants, `serving` only reads what an answer needs. What each
// may do is granted to group roles by the migrations; the logins here merely belong to them.
import { execFile } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createDatabaseIfAbsent } from './provisioning/database.ts';
import { createLogins, type LoginUrls } from './provisioning/logins.ts';

export interface ProvisionOptions {
  /** Where the logins' passwords are kept. */
  stateDir: string;
  /** For tests: what to do instead of applying the project's migrations. */
  migrate?: (adminUrl: string) => Promise<void>;
}

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const MIGRATE_TIMEOUT_MS = 300_000;

/** `prisma migrate deploy`. Its advisory lock keeps two at the same time from colliding. */
export async function applyMigrations(adminUrl: string): Promise<void> {
  try {
    await promisify(execFile)(process.execPath, [path.join(ROOT, 'tools/prisma.mjs'), 'migrate', 'deploy'], {
      cwd: ROOT,
      env: { ...process.env, DATABASE_URL: adminUrl },
      timeout: MIGRATE_TIMEOUT_MS,
    });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`The migrations could not be applied.\n${stdout}${stderr}`, { cause: error });
  }
}

export async function provisionDatabase(adminUrl: string, options: ProvisionOptions): Promise<LoginUrls> {
  await createDatabaseIfAbsent(adminUrl);
  await (options.migrate ?? applyMigrations)(adminUrl);
  return createLogins(adminUrl, options.stateDir);
}
