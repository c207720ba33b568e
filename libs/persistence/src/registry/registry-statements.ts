import type { Statement } from '../database/one-statement.js';
import type { ModelVersion as ModelVersionRow } from '../generated/client.js';
import { MINE } from '../runs/run-statements.js';

// What every run asks of the registry. $1 is the tenant.

export const LIFECYCLE: Statement = {
  name: 'registry.lifecycle',
  text: 'SELECT state::text AS state FROM tenant WHERE id = $1',
};

export const POINTER: Statement = {
  name: 'registry.pointer',
  text: `SELECT model_version AS "modelVersion", publication_id AS "publicationId", list_file AS "listFile", revision,
      moved_at AS "movedAt"
    FROM serving_pointer WHERE tenant_id = $1`,
};

export type VersionRow = Omit<ModelVersionRow, 'algorithm'>;

/** $2 version */
export const FIND_VERSION: Statement = {
  name: 'registry.find',
  text: `SELECT tenant_id AS "tenantId", version, run_id AS "runId", status::text AS status, recipe, seed, watermark,
      snapshot_hash AS "snapshotHash", holdout_from AS "holdoutFrom", code_version AS "codeVersion", metrics,
      training_seconds AS "trainingSeconds", artifact, artifact_sha256 AS "artifactSha256", created_at AS "createdAt",
      promoted_at AS "promotedAt"
    FROM model_version WHERE tenant_id = $1 AND version = $2`,
};

/** $2 run */
export const LOCK: Statement = {
  name: 'registry.lock',
  text: 'SELECT FROM run WHERE tenant_id = $1 AND run_id = $2 FOR UPDATE',
};

/**
 * A run that has started again may have seen newer data: the number stays, what it stands for is what is on disk.
 * $2 run, $3 token, $4 algorithm, then what the version is made of.
 */
export const REGISTER: Statement = {
  name: 'registry.register',
  text: `
    WITH ${MINE},
    known AS (SELECT m.version FROM model_version m JOIN mine USING (tenant_id, run_id) WHERE m.algorithm = $4),
    changed AS (
      UPDATE model_version m
      SET recipe = $5::jsonb, seed = $6::integer, watermark = $7::timestamptz, snapshot_hash = $8::text,
          holdout_from = $9::timestamptz, code_version = $10::text, metrics = $11::jsonb,
          training_seconds = $12::double precision, artifact = $13::text, artifact_sha256 = $14::text
      FROM known WHERE m.tenant_id = $1 AND m.version = known.version RETURNING m.version),
    added AS (
      INSERT INTO model_version (tenant_id, version, run_id, status, algorithm, recipe, seed, watermark, snapshot_hash,
        holdout_from, code_version, metrics, training_seconds, artifact, artifact_sha256)
      SELECT tenant_id, 1 + COALESCE((SELECT max(version) FROM model_version WHERE tenant_id = $1), 0), run_id,
             'candidate'::model_version_status, $4, $5::jsonb, $6::integer, $7::timestamptz, $8::text, $9::timestamptz,
             $10::text, $11::jsonb, $12::double precision, $13::text, $14::text
      FROM mine WHERE NOT EXISTS (SELECT FROM known) RETURNING version)
    SELECT version FROM changed UNION ALL SELECT version FROM added`,
};
