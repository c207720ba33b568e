import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { tenantTables } from './witness.ts';

interface Column {
  readonly name: string;
  readonly type: string;
  readonly label: string | null;
}

/** What no tenant of a minute's age has (a rollback, days counted), made from the catalogue: a new table cannot be forgotten. */
export async function fillEmptyTables(
  admin: pg.Client | pg.Pool,
  tenantId: number,
  canary: string,
): Promise<void> {
  for (const name of await tenantTables(admin)) {
    const { rowCount } = await admin.query(`SELECT FROM ${name} WHERE tenant_id = $1 LIMIT 1`, [tenantId]);
    if ((rowCount ?? 0) > 0) continue;
    const { rows: columns } = await admin.query<Column>(
      `SELECT a.attname AS name, format_type(a.atttypid, NULL) AS type,
         -- The last one of a state: work that is done is not begun by a worker.
         (SELECT enumlabel FROM pg_enum e WHERE e.enumtypid = a.atttypid
          ORDER BY enumsortorder * CASE a.attname WHEN 'status' THEN -1 ELSE 1 END LIMIT 1) AS label
       FROM pg_attribute a WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND a.attnotnull AND (NOT a.atthasdef OR a.attname = 'status')`,
      [name],
    );
    const names = columns.map((column) => `"${column.name}"`).join(', ');
    const places = columns.map((_, index) => `$${index + 1}`).join(', ');
    const values = columns.map((column) => exampleOf(column, tenantId, canary));
    await admin.query(`INSERT INTO ${name} (${names}) VALUES (${places})`, values);
  }
}

function exampleOf({ name, type, label }: Column, tenantId: number, canary: string): unknown {
  if (name === 'tenant_id') return tenantId;
  if (label !== null) return label;
  if (type === 'uuid') return randomUUID();
  if (type === 'jsonb') return JSON.stringify({ text: canary });
  if (type === 'boolean') return true;
  if (type.startsWith('timestamp') || type === 'date') return new Date();
  return /int|double|real|numeric/.test(type) ? 1 : `${canary}-${name}`;
}
