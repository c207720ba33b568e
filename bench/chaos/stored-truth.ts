// What Postgres and the disk say about a fleet's night: nothing here is remembered by the proof itself.
import type { FleetPlatform } from '../platform/fleet-platform.ts';
import type { SmallTenant } from '../platform/small-tenants.ts';
import { checkLists, type Served } from './check-fleet-lists.ts';

/** Notes, in the transaction that publishes, whose token publishes and whose run it is. */
export const PUBLICATION_AUDIT = `
  CREATE TABLE chaos_publication (tenant_id integer, run_id uuid, stage_token integer, run_token integer, lease_owner text);
  CREATE FUNCTION chaos_note_publication() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
  BEGIN
    INSERT INTO chaos_publication
    SELECT r.tenant_id, r.run_id, s.fencing_token, r.fencing_token, r.lease_owner
    FROM run r JOIN run_stage s USING (tenant_id, run_id)
    WHERE r.tenant_id = NEW.tenant_id AND r.run_id = NEW.run_id AND s.stage = 'publish';
    RETURN NEW;
  END $$;
  CREATE TRIGGER chaos_note_publication AFTER INSERT ON publication
    FOR EACH ROW EXECUTE FUNCTION chaos_note_publication();`;

export interface NightTruth {
  readonly runs: number;
  readonly finishedOnce: number;
  readonly lost: number;
  readonly doublePromotions: number;
  readonly staleWriterPublishes: number;
  readonly wrongLists: number;
  readonly lists: number;
  readonly mostAttempts: number;
  readonly problems: readonly string[];
}

interface RunFacts {
  readonly tenant_id: number;
  readonly runs: number;
  readonly status: string;
  readonly attempt: number;
  readonly error: string | null;
  readonly finished_stages: number;
  readonly publications: number;
  readonly promotions: number;
  readonly revision: number;
  readonly audited: number;
  readonly stale: number;
}

const STAGES_OF_A_NIGHT = 8;

/** The stored rows, and a folder with the lists that are served. */
type Stored = Pick<FleetPlatform, 'query' | 'stateDir'>;

export async function storedTruth(platform: Stored, tenants: readonly SmallTenant[]): Promise<NightTruth> {
  const facts = await platform.query<RunFacts>(
    `SELECT t.id AS tenant_id,
       (SELECT count(*)::integer FROM run r WHERE r.tenant_id = t.id) AS runs,
       (SELECT min(status::text) FROM run r WHERE r.tenant_id = t.id) AS status,
       (SELECT max(attempt) FROM run r WHERE r.tenant_id = t.id) AS attempt,
       (SELECT max(error_code || ': ' || error_message) FROM run r WHERE r.tenant_id = t.id) AS error,
       (SELECT count(*)::integer FROM run_stage s WHERE s.tenant_id = t.id AND s.status = 'succeeded') AS finished_stages,
       (SELECT count(*)::integer FROM publication p WHERE p.tenant_id = t.id) AS publications,
       (SELECT count(*)::integer FROM model_version m WHERE m.tenant_id = t.id AND m.promoted_at IS NOT NULL) AS promotions,
       (SELECT COALESCE(max(revision), 0) FROM serving_pointer s WHERE s.tenant_id = t.id) AS revision,
       (SELECT count(*)::integer FROM chaos_publication c WHERE c.tenant_id = t.id) AS audited,
       (SELECT count(*)::integer FROM chaos_publication c
        WHERE c.tenant_id = t.id AND c.stage_token <> c.run_token) AS stale
     FROM tenant t ORDER BY t.id`,
  );
  const problems: string[] = [];
  const slugOf = new Map(tenants.map(({ id, slug }) => [id, slug]));
  const finishedOnce = facts.filter((fact) => {
    const once =
      fact.runs === 1 &&
      fact.status === 'succeeded' &&
      fact.finished_stages === STAGES_OF_A_NIGHT &&
      fact.publications === 1 &&
      fact.audited === 1;
    if (!once) problems.push(`${slugOf.get(fact.tenant_id)}: ${JSON.stringify(fact)}`);
    return once;
  });
  const lists = await lookAtLists(platform, tenants, problems);
  return {
    runs: facts.reduce((sum, { runs }) => sum + runs, 0),
    finishedOnce: finishedOnce.length,
    lost: facts.filter(({ status }) => status !== 'succeeded').length,
    doublePromotions: facts.filter(({ promotions, revision }) => promotions > 1 || revision > 1).length,
    staleWriterPublishes: facts.reduce((sum, { stale }) => sum + stale, 0),
    ...lists,
    mostAttempts: Math.max(...facts.map(({ attempt }) => attempt)),
    problems: problems.slice(0, 10),
  };
}

export function servedBy(platform: Pick<Stored, 'query'>): Promise<Served[]> {
  return platform.query<Served>(
    `SELECT s.tenant_id, s.model_version, s.list_file, p.list_sha256
     FROM serving_pointer s JOIN publication p USING (tenant_id, publication_id)`,
  );
}

async function lookAtLists(
  platform: Stored,
  tenants: readonly SmallTenant[],
  problems: string[],
): Promise<{ lists: number; wrongLists: number }> {
  const served = new Map((await servedBy(platform)).map((row) => [row.tenant_id, row]));
  const sum = { lists: 0, wrongLists: 0 };
  for (const [index, tenant] of tenants.entries()) {
    const row = served.get(tenant.id);
    const stranger = tenants[(index + 1) % tenants.length].customers[0];
    const check =
      row === undefined
        ? { lists: 0, wrong: tenant.customers.length, first: 'nothing is served' }
        : await checkLists(platform.stateDir, tenant, row, stranger);
    sum.lists += check.lists;
    sum.wrongLists += check.wrong;
    if (check.first !== undefined) problems.push(`${tenant.slug}: ${check.first}`);
  }
  return sum;
}

/** Everything that a night leaves behind, gone: the same tenants can be run again as if for the first time. */
export async function forgetNights(platform: FleetPlatform, tenants: readonly SmallTenant[]): Promise<void> {
  const tables = ['serving_pointer', 'publication', 'verdict', 'model_version', 'data_quality_report'];
  const ids = tenants.map(({ id }) => id);
  for (const table of [...tables, 'outbox', 'run_stage', 'run', 'chaos_publication'])
    await platform.query(`DELETE FROM ${table} WHERE tenant_id = ANY($1)`, [ids]);
}
