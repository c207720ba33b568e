import { isNativeError } from 'node:util/types';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { currentActor, UnavailableError, type TenantId } from '#libs/domain';
import { PrismaClient, type Prisma } from '../generated/client.js';
import { oneStatement, type Statement } from './one-statement.js';
import { inTransaction, isTransientPostgresError } from './postgres-pool.js';

export type TenantPrisma = Prisma.TransactionClient;

/**
 * The only way to a tenant's rows. Every call is one transaction that first names its tenant, so that row-level security
 * lets exactly that tenant's rows through; a transaction that names none sees nothing.
 */
export class TenantDatabase {
  private readonly prisma: PrismaClient;

  constructor(private readonly pool: pg.Pool) {
    this.prisma = new PrismaClient({ adapter: new PrismaPg(pool, { disposeExternalPool: false }) });
  }

  /** Small, typed work through Prisma. */
  async run<T>(tenantId: TenantId, work: (prisma: TenantPrisma) => Promise<T>): Promise<T> {
    try {
      return await this.prisma.$transaction(
        async (transaction) => {
          await transaction.$executeRaw`
            SELECT set_config('app.tenant_id', ${String(tenantId)}, true), set_config('app.actor', ${currentActor() ?? ''}, true)`;
          return work(transaction);
        },
        { maxWait: 10_000, timeout: 30_000 },
      );
    } catch (error) {
      if (isTransientPrismaError(error)) throw new UnavailableError('The database', error);
      throw error;
    }
  }

  /** Bulk work (COPY, set operations) on a plain connection. */
  async runBulk<T>(tenantId: TenantId, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    return inTransaction(this.pool, beginFor(tenantId), work);
  }

  /** What each run does dozens of times: a transaction of one prepared statement. */
  async runOne<R extends pg.QueryResultRow>(
    tenantId: TenantId,
    statement: Statement,
    values: readonly unknown[],
  ): Promise<R[]> {
    return (await oneStatement<R>(this.pool, beginFor(tenantId), statement, values)).rows;
  }

  /** A consistent picture for reading in bulk. */
  async readSnapshot<T>(tenantId: TenantId, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    return inTransaction(this.pool, beginFor(tenantId, 'ISOLATION LEVEL REPEATABLE READ READ ONLY'), work);
  }

  /** Finds what the caller can already name: a tenant by its slug, a key by its id. Shows nothing else. */
  async runNamed<T>(
    names: { readonly slug?: string; readonly keyId?: string },
    work: (client: pg.PoolClient) => Promise<T>,
  ): Promise<T> {
    return inTransaction(this.pool, 'BEGIN READ ONLY', async (client) => {
      await client.query(
        "SELECT set_config('app.tenant_slug', $1, true), set_config('app.key_id', $2, true)",
        [names.slug ?? '', names.keyId ?? ''],
      );
      return work(client);
    });
  }

  async close(): Promise<void> {
    await this.prisma.$disconnect();
    await this.pool.end();
  }
}

/** Names the tenant in the same message as the beginning: no statement can come before it. */
function beginFor(tenantId: TenantId, mode = ''): string {
  if (!Number.isSafeInteger(tenantId)) throw new TypeError('A tenant is named by a whole number.');
  const actor = pg.escapeLiteral(currentActor() ?? '');
  return `BEGIN ${mode}; SELECT set_config('app.tenant_id', '${tenantId}', true), set_config('app.actor', ${actor}, true)`;
}

// P1001 unreachable, P1017 closed by the server, P2024 no connection free, P2028 transaction lost, P2034 write conflict.
const TRANSIENT_PRISMA = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2034']);

function isTransientPrismaError(error: unknown): boolean {
  if (isTransientPostgresError(error)) return true;
  if (!isNativeError(error)) return false;
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  if (typeof code === 'string' && TRANSIENT_PRISMA.has(code)) return true;
  const kind = (cause as { kind?: unknown } | undefined)?.kind;
  return kind === 'ConnectionClosed' || kind === 'DatabaseNotReachable' || kind === 'SocketTimeout';
}
