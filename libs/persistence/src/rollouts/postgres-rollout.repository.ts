import type pg from 'pg';
import {
  RolloutRepository,
  rolloutPosition,
  type CohortComparison,
  type CohortEvidence,
  type FleetMember,
  type NewRollout,
  type NewRolloutEvent,
  type Rollout,
  type RolloutEvent,
  type RolloutState,
  type RolloutStep,
} from '#libs/domain';
import { inTransaction } from '../database/postgres-pool.js';
import { readEvidence } from './cohort-evidence.js';
import { ROLLOUT_COLUMNS, toRollout, type RolloutRow } from './rollout-rows.js';
import { TEMPLATE_IN_USE } from './template-in-use.js';

/** Roll-outs, through the platform's login. */
export class PostgresRolloutRepository extends RolloutRepository {
  constructor(private readonly pool: pg.Pool) {
    super();
  }

  override members(): Promise<FleetMember[]> {
    return this.read(readMembers);
  }

  override async versionInUse(): Promise<number> {
    const { rows } = await this.read((client) =>
      client.query<{ version: number }>(`SELECT ${TEMPLATE_IN_USE} AS version`),
    );
    return rows[0].version;
  }

  override list(limit: number): Promise<Rollout[]> {
    return this.select('ORDER BY started_at DESC LIMIT $1', [limit]);
  }

  override async find(rolloutId: string): Promise<Rollout | undefined> {
    return (await this.select('WHERE rollout_id = $1', [rolloutId])).at(0);
  }

  override async running(): Promise<Rollout | undefined> {
    return (await this.select(`WHERE state = 'running'`, [])).at(0);
  }

  override async events(rolloutId: string): Promise<RolloutEvent[]> {
    const { rows } = await this.read((client) =>
      client.query<RolloutEvent>(
        `SELECT action, actor, reason, detail, at FROM template_rollout_event WHERE rollout_id = $1 ORDER BY sequence`,
        [rolloutId],
      ),
    );
    return rows;
  }

  override start({ step, ...rollout }: NewRollout): Promise<Rollout | undefined> {
    const { rolloutId, templateVersion, seed, shares, thresholds, reason, startedBy } = rollout;
    return inTransaction(this.pool, 'BEGIN', async (client) => {
      const { rows } = await client.query<RolloutRow>(
        `INSERT INTO template_rollout (rollout_id, template_version, former_version, seed, shares, steps, thresholds, reason,
           started_by, started_at)
         VALUES ($1, $2, ${TEMPLATE_IN_USE}, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT DO NOTHING RETURNING ${ROLLOUT_COLUMNS}`,
        [
          ...[rolloutId, templateVersion, seed, shares, JSON.stringify([step]), JSON.stringify(thresholds)],
          ...[reason, startedBy, step.at],
        ],
      );
      if (rows.length === 0) return undefined;
      const started = toRollout(rows[0]);
      const tenants = await placeTenants(client, started, startedBy);
      const detail = { templateVersion, formerVersion: started.formerVersion, share: step.share, tenants };
      await addEvent(client, rolloutId, { action: 'started', actor: startedBy, reason, detail });
      return started;
    });
  }

  override widen(rollout: Rollout, step: RolloutStep, event: NewRolloutEvent): Promise<boolean> {
    return inTransaction(this.pool, 'BEGIN', async (client) => {
      const { rows } = await client.query<RolloutRow>(
        `UPDATE template_rollout SET steps = steps || $2::jsonb
         WHERE rollout_id = $1 AND state = 'running' AND jsonb_array_length(steps) = $3 RETURNING ${ROLLOUT_COLUMNS}`,
        [rollout.rolloutId, JSON.stringify([step]), rollout.steps.length],
      );
      if (rows.length === 0) return false;
      const tenants = await placeTenants(client, toRollout(rows[0]), event.actor);
      await addEvent(client, rollout.rolloutId, { ...event, detail: { ...event.detail, tenants } });
      return true;
    });
  }

  override end(
    { rolloutId, templateVersion, formerVersion }: Rollout,
    state: Exclude<RolloutState, 'running'>,
    event: NewRolloutEvent,
  ): Promise<boolean> {
    return inTransaction(this.pool, 'BEGIN', async (client) => {
      const { rowCount } = await client.query(
        `UPDATE template_rollout SET state = $2, ended_at = now() WHERE rollout_id = $1 AND state = 'running'`,
        [rolloutId, state],
      );
      if (rowCount !== 1) return false;
      const returned = { tenants: 0 };
      if (state === 'stopped') {
        await actAs(client, event.actor);
        const moved = await client.query(
          'UPDATE tenant SET template_version = $2 WHERE template_version = $1',
          [templateVersion, formerVersion],
        );
        returned.tenants = moved.rowCount ?? 0;
        // What has begun goes on as it began: its stages belong together.
        await client.query(
          `UPDATE run SET template_version = $2 WHERE template_version = $1 AND active AND started_at IS NULL`,
          [templateVersion, formerVersion],
        );
      }
      await addEvent(client, rolloutId, { ...event, detail: { ...event.detail, ...returned } });
      return true;
    });
  }

  override async placeNewcomers(rollout: Rollout): Promise<void> {
    await inTransaction(this.pool, 'BEGIN', async (client) => {
      // Locked: a roll-out that is being stopped places nobody any more.
      const { rows } = await client.query<RolloutRow>(
        `SELECT ${ROLLOUT_COLUMNS} FROM template_rollout WHERE rollout_id = $1 AND state = 'running' FOR UPDATE`,
        [rollout.rolloutId],
      );
      if (rows.length > 0) await placeTenants(client, toRollout(rows[0]), rollout.startedBy);
    });
  }

  override evidence(rollout: Rollout): Promise<CohortEvidence> {
    return inTransaction(this.pool, 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', (client) =>
      readEvidence(client, rollout),
    );
  }

  override async recordComparison(
    { rolloutId }: Rollout,
    comparison: CohortComparison,
    look: { readonly looks: number; readonly judgedRuns: number } | undefined,
    at: Date,
  ): Promise<void> {
    await inTransaction(this.pool, 'BEGIN', (client) =>
      client.query(
        `UPDATE template_rollout SET comparison = $2, compared_at = $3, looks = COALESCE($4, looks),
           judged_runs = COALESCE($5, judged_runs) WHERE rollout_id = $1`,
        [rolloutId, JSON.stringify(comparison), at, look?.looks ?? null, look?.judgedRuns ?? null],
      ),
    );
  }

  private async select(rest: string, values: readonly unknown[]): Promise<Rollout[]> {
    const { rows } = await this.read((client) =>
      client.query<RolloutRow>(`SELECT ${ROLLOUT_COLUMNS} FROM template_rollout ${rest}`, [...values]),
    );
    return rows.map(toRollout);
  }

  private read<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    return inTransaction(this.pool, 'BEGIN READ ONLY', work);
  }
}

async function readMembers(client: pg.ClientBase): Promise<FleetMember[]> {
  const { rows } = await client.query<FleetMember>(
    'SELECT id AS "tenantId", created_at AS "createdAt" FROM tenant ORDER BY id',
  );
  return rows;
}

/** Gives the new version to everybody up to the cutoff who has the former one; answers how many have changed. */
async function placeTenants(client: pg.ClientBase, rollout: Rollout, actor: string): Promise<number> {
  const cutoff = rollout.steps.at(-1)?.cutoff ?? 0;
  const ids = (await readMembers(client))
    .map(({ tenantId }) => tenantId)
    .filter((tenantId) => rolloutPosition(rollout.seed, tenantId) <= cutoff);
  await actAs(client, actor);
  const { rowCount } = await client.query(
    'UPDATE tenant SET template_version = $1 WHERE id = ANY($3::integer[]) AND template_version = $2',
    [rollout.templateVersion, rollout.formerVersion, ids],
  );
  return rowCount ?? 0;
}

/** Whom the tenants' trails name. */
async function actAs(client: pg.ClientBase, actor: string): Promise<void> {
  await client.query(`SELECT set_config('app.actor', $1, true)`, [actor]);
}

async function addEvent(client: pg.ClientBase, rolloutId: string, event: NewRolloutEvent): Promise<void> {
  await client.query(
    `INSERT INTO template_rollout_event (rollout_id, sequence, action, actor, reason, detail)
     SELECT $1, count(*) + 1, $2, $3, $4, $5 FROM template_rollout_event WHERE rollout_id = $1`,
    [rolloutId, event.action, event.actor, event.reason, JSON.stringify(event.detail)],
  );
}
