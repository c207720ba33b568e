import type pg from 'pg';
import {
  TemplateCatalogue,
  TemplateRepository,
  type ListedTemplateVersion,
  type TemplateSettings,
  type TemplateVersion,
} from '#libs/domain';
import { inTransaction } from '../database/postgres-pool.js';
import type { TenantDatabase } from '../database/tenant-database.js';
import { TEMPLATE_IN_USE } from './template-in-use.js';

interface TemplateRow {
  readonly version: number;
  readonly settings: TemplateSettings;
  readonly note: string;
  readonly registered_by: string;
  readonly registered_at: Date;
}

const COLUMNS = 'version, settings, note, registered_by, registered_at';
const FIND = `SELECT ${COLUMNS} FROM template_version WHERE version = $1`;
/** Beyond what a column of whole numbers holds there is no version. */
const LARGEST = 2_147_483_647;

/** For nights: a version never changes, so it is asked for once. */
export class PostgresTemplateCatalogue extends TemplateCatalogue {
  private readonly known = new Map<number, TemplateVersion>();

  constructor(private readonly database: TenantDatabase) {
    super();
  }

  override async find(version: number): Promise<TemplateVersion | undefined> {
    const known = this.known.get(version);
    if (known !== undefined) return known;
    const { rows } = await this.database.runNamed({}, (client) => client.query<TemplateRow>(FIND, [version]));
    const found = rows.map(toTemplateVersion).at(0);
    if (found !== undefined) this.known.set(version, found);
    return found;
  }
}

/** For the platform. */
export class PostgresTemplateRepository extends TemplateRepository {
  constructor(private readonly pool: pg.Pool) {
    super();
  }

  override register({
    settings,
    note,
    registeredBy,
  }: Parameters<TemplateRepository['register']>[0]): Promise<TemplateVersion> {
    return inTransaction(this.pool, 'BEGIN', async (client) => {
      await client.query(`SELECT pg_advisory_xact_lock(hashtext('register-template'))`);
      const { rows } = await client.query<TemplateRow>(
        `INSERT INTO template_version (version, settings, note, registered_by)
         SELECT max(version) + 1, $1, $2, $3 FROM template_version RETURNING ${COLUMNS}`,
        [JSON.stringify(settings), note, registeredBy],
      );
      return toTemplateVersion(rows[0]);
    });
  }

  override async find(version: number): Promise<TemplateVersion | undefined> {
    if (!Number.isInteger(version) || Math.abs(version) > LARGEST) return undefined;
    const { rows } = await inTransaction(this.pool, 'BEGIN READ ONLY', (client) =>
      client.query<TemplateRow>(FIND, [version]),
    );
    return rows.map(toTemplateVersion).at(0);
  }

  override async list(): Promise<ListedTemplateVersion[]> {
    const { rows } = await inTransaction(this.pool, 'BEGIN READ ONLY', (client) =>
      client.query<TemplateRow & { tenants: number; in_use: boolean }>(
        `SELECT ${COLUMNS}, version = ${TEMPLATE_IN_USE} AS in_use,
                (SELECT count(*)::integer FROM tenant WHERE template_version = version) AS tenants
         FROM template_version ORDER BY version DESC`,
      ),
    );
    return rows.map((row) => ({ ...toTemplateVersion(row), tenants: row.tenants, inUse: row.in_use }));
  }
}

function toTemplateVersion(row: TemplateRow): TemplateVersion {
  const { version, settings, note, registered_by: registeredBy, registered_at: registeredAt } = row;
  return { version, settings, note, registeredBy, registeredAt };
}
