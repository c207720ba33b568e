import { MOST_LOG_LINES } from '#libs/domain';
import type { Statement } from '../database/one-statement.js';
import type { Run as RunRow, RunStage as RunStageRow } from '../generated/client.js';

// What every run does again and again. A statement that writes locks the run first and makes sure that nobody has claimed it
// since: $1 tenant, $2 run, $3 the token of the lease. No row comes back when somebody has.

export const MINE = `mine AS (SELECT tenant_id, run_id FROM run
  WHERE tenant_id = $1 AND run_id = $2 AND fencing_token = $3 AND status = 'running' FOR UPDATE)`;

/** The columns of a run under the names that the database client gives them. */
const RUN_COLUMNS = `tenant_id AS "tenantId", run_id AS "runId", night::text AS night, kind::text AS kind, trigger::text AS trigger,
  status::text AS status, outcome, requested_by AS "requestedBy", reason, figures, seed, template_version AS "templateVersion",
  promotes_version AS "promotesVersion", attempt,
  error_code AS "errorCode", error_message AS "errorMessage", created_at AS "createdAt", started_at AS "startedAt",
  finished_at AS "finishedAt", deadline`;

/** A date in SQL has no hour: as text it cannot move to the day before. */
export type ClaimedRow = Omit<RunRow, 'night'> & { readonly night: string };

/** $3 worker, $4 seconds of the lease */
export const CLAIM: Statement = {
  name: 'run.claim',
  text: `
    UPDATE run SET status = 'running', fencing_token = fencing_token + 1, attempt = attempt + 1, lease_owner = $3,
           lease_until = now() + make_interval(secs => $4), started_at = COALESCE(started_at, now()),
           error_code = NULL, error_message = NULL
    WHERE tenant_id = $1 AND run_id = $2 AND not_before <= now()
      AND (status IN ('queued', 'admitted') OR (status = 'running' AND lease_until < now()))
      AND NOT EXISTS (SELECT FROM run other WHERE other.tenant_id = $1 AND other.run_id <> $2
                      AND other.status IN ('admitted', 'running'))
    RETURNING fencing_token AS "fencingToken", ${RUN_COLUMNS}`,
};

/** $4 seconds */
export const EXTEND_LEASE: Statement = {
  name: 'run.extend-lease',
  text: `UPDATE run SET lease_until = now() + make_interval(secs => $4)
    WHERE tenant_id = $1 AND run_id = $2 AND fencing_token = $3 AND status = 'running' RETURNING run_id`,
};

export type StageRow = Pick<
  RunStageRow,
  'stage' | 'status' | 'attempt' | 'progress' | 'output' | 'error' | 'log'
> &
  Pick<RunStageRow, 'startedAt' | 'finishedAt'>;

export const STAGES_OF_RUN: Statement = {
  name: 'run.stages',
  text: `SELECT stage, status::text AS status, attempt, progress, output, error, log, started_at AS "startedAt", finished_at AS "finishedAt"
    FROM run_stage WHERE tenant_id = $1 AND run_id = $2`,
};

const AGAIN = `ON CONFLICT (tenant_id, run_id, stage) DO UPDATE SET status = 'running', attempt = run_stage.attempt + 1,
  fencing_token = EXCLUDED.fencing_token, progress = 0, error = NULL, started_at = now(), finished_at = NULL`;

/** $4 stage */
export const START_STAGE: Statement = {
  name: 'run.start-stage',
  text: `
    WITH ${MINE}
    INSERT INTO run_stage (tenant_id, run_id, stage, status, attempt, fencing_token)
    SELECT tenant_id, run_id, $4, 'running'::stage_status, 1, $3 FROM mine
    ${AGAIN}
    RETURNING run_id`,
};

/** $4 stage, $5 output, $6 the stage that begins with it, or null, $7 lines */
export const FINISH_STAGE: Statement = {
  name: 'run.finish-stage',
  text: `
    WITH ${MINE},
    begun AS (
      INSERT INTO run_stage (tenant_id, run_id, stage, status, attempt, fencing_token)
      SELECT tenant_id, run_id, $6::text, 'running'::stage_status, 1, $3 FROM mine WHERE $6::text IS NOT NULL
      ${AGAIN})
    UPDATE run_stage s SET status = 'succeeded', progress = 1, finished_at = clock_timestamp(), output = $5,
      log = log || $7::jsonb
    FROM mine WHERE s.tenant_id = mine.tenant_id AND s.run_id = mine.run_id AND s.stage = $4
    RETURNING s.run_id`,
};

/** $4 seconds */
export const ADD_CPU_SECONDS: Statement = {
  name: 'run.add-cpu-seconds',
  text: `UPDATE run SET cpu_seconds = cpu_seconds + $4 WHERE tenant_id = $1 AND run_id = $2 AND fencing_token = $3`,
};

/** $4 stage, $5 share; no lock: only for the eye */
export const REPORT_PROGRESS: Statement = {
  name: 'run.report-progress',
  text: `UPDATE run_stage SET progress = $5
    WHERE tenant_id = $1 AND run_id = $2 AND fencing_token = $3 AND stage = $4 AND status = 'running'`,
};

/** $4 stage, $5 lines; no lock: only for the eye */
export const APPEND_LOG: Statement = {
  name: 'run.append-log',
  text: `UPDATE run_stage SET log = jsonb_path_query_array(log || $5::jsonb, '$[0 to ${MOST_LOG_LINES - 1}]')
    WHERE tenant_id = $1 AND run_id = $2 AND fencing_token = $3 AND stage = $4
      AND jsonb_array_length(log) < ${MOST_LOG_LINES}`,
};
