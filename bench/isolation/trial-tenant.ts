import type pg from 'pg';
import type { Canaries } from './canaries.ts';

/** Kinds of ids that an address or a body can carry. */
export interface IdsOfTenant {
  readonly customerId: readonly string[];
  readonly productId: readonly string[];
  readonly runId: readonly string[];
  readonly importId: readonly string[];
  readonly exportId: readonly string[];
  readonly keyId: readonly string[];
  /** Versions that the other tenant has not got. */
  readonly version: readonly string[];
  readonly recommendationId: readonly string[];
  readonly eventId: readonly string[];
  readonly listFile: readonly string[];
  readonly erasureId: readonly string[];
  readonly accountId: readonly string[];
  readonly email: readonly string[];
  readonly invitationId: readonly string[];
  readonly visitId: readonly string[];
}

/** One of the two sides of a trial. */
export interface TrialTenant {
  readonly slug: string;
  readonly id: number;
  /** Stands in every text that this tenant owns. */
  readonly canary: string;
  /** Keys and sessions by name: `all`, one of each scope and role, and some that open nothing any more. */
  readonly keys: Readonly<Record<string, string>>;
  readonly ids: IdsOfTenant;
}

export interface Trial {
  /** Attacks. */
  readonly a: TrialTenant;
  /** Is attacked. */
  readonly b: TrialTenant;
  /** What must never reach `a`. */
  readonly canaries: Canaries;
  /** Ids of `b` that `a` itself has written somewhere: to read them there tells it nothing. */
  readonly written: Set<string>;
  /** Answers what has changed of `b` since the trial began; empty when nothing has. */
  readonly changesOfB: () => Promise<string[]>;
}

/** Every id of a kind that the database knows of this tenant. */
export async function readIds(admin: pg.Client | pg.Pool, tenantId: number): Promise<IdsOfTenant> {
  const of = async (sql: string) =>
    (await admin.query<{ id: string }>(`${sql} LIMIT 3`, [tenantId])).rows.map(({ id }) => id);
  return {
    customerId: await of('SELECT customer_id AS id FROM customer WHERE tenant_id = $1 ORDER BY 1'),
    productId: await of('SELECT product_id AS id FROM product WHERE tenant_id = $1 ORDER BY 1'),
    runId: await of('SELECT run_id::text AS id FROM run WHERE tenant_id = $1'),
    importId: await of(
      'SELECT import_id::text AS id FROM import WHERE tenant_id = $1 ORDER BY rejected_file NULLS LAST',
    ),
    exportId: await of('SELECT export_id::text AS id FROM list_export WHERE tenant_id = $1 ORDER BY sha256'),
    keyId: await of('SELECT key_id AS id FROM api_key WHERE tenant_id = $1 ORDER BY revoked_at NULLS FIRST'),
    version: await of(
      'SELECT version::text AS id FROM model_version WHERE tenant_id = $1 ORDER BY version DESC',
    ),
    recommendationId: await of(
      'SELECT recommendation_id AS id FROM impression WHERE tenant_id = $1 AND recommendation_id IS NOT NULL',
    ),
    eventId: await of('SELECT event_id AS id FROM outcome WHERE tenant_id = $1'),
    listFile: await of('SELECT list_file AS id FROM publication WHERE tenant_id = $1'),
    erasureId: await of('SELECT erasure_id::text AS id FROM erasure WHERE tenant_id = $1'),
    accountId: await of('SELECT account_id::text AS id FROM member WHERE tenant_id = $1'),
    email: await of(
      'SELECT email AS id FROM member JOIN account USING (account_id) WHERE tenant_id = $1 ORDER BY 1',
    ),
    invitationId: await of('SELECT invitation_id::text AS id FROM invitation WHERE tenant_id = $1'),
    visitId: await of('SELECT visit_id::text AS id FROM operator_visit WHERE tenant_id = $1'),
  };
}

/** An id of the same length and shape that nobody has. */
export function neverGiven(id: string): string {
  // A number: of versions, B has more than A.
  if (/^\d{1,8}$/.test(id)) return String(Number(id) + 1);
  // From the end: ids that sort by time have their chance there.
  const turned = [...id].reverse();
  let changed = 0;
  for (let i = 0; i < turned.length && changed < 6; i++) {
    const character = turned[i] as string;
    if (/[0-9]/.test(character)) turned[i] = String(9 - Number(character));
    else if (/[a-f]/.test(character)) turned[i] = String.fromCharCode(199 - character.charCodeAt(0));
    else if (/[g-z]/.test(character)) turned[i] = character === 'z' ? 'y' : 'z';
    else if (/[G-Z]/.test(character)) turned[i] = character === 'Z' ? 'Y' : 'Z';
    else continue;
    changed++;
  }
  return turned.reverse().join('');
}
