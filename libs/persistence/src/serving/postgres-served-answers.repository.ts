import type pg from 'pg';
import { ServedAnswersRepository, type ServedAnswersBatch } from '#libs/domain';
import { inTransaction } from '../database/postgres-pool.js';

const ADD = `
  INSERT INTO served_answers (tenant_id, day, node_id, status, status_reason, answers, flush)
  SELECT t.id, ($4::timestamptz AT TIME ZONE t.time_zone)::date, $2, e.status, e.reason, e.answers, $3
    FROM tenant AS t, unnest($5::text[], $6::text[], $7::int[]) AS e (status, reason, answers) WHERE t.id = $1
  ON CONFLICT (tenant_id, day, node_id, status, status_reason) DO UPDATE
    SET answers = served_answers.answers + EXCLUDED.answers, flush = EXCLUDED.flush, recorded_at = now()
    WHERE served_answers.flush < EXCLUDED.flush`;

/** With the serving login, which may count and not look. */
export class PostgresServedAnswersRepository extends ServedAnswersRepository {
  constructor(private readonly pool: pg.Pool) {
    super();
  }

  override async add({ tenantId, nodeId, flush, at, answers }: ServedAnswersBatch): Promise<void> {
    await inTransaction(this.pool, 'BEGIN', async (client) => {
      await client.query("SELECT set_config('app.tenant_id', $1, true)", [String(tenantId)]);
      await client.query(ADD, [
        ...[tenantId, nodeId, flush, at],
        answers.map(({ status }) => status),
        answers.map(({ reason }) => reason),
        answers.map(({ count }) => count),
      ]);
    });
  }
}
