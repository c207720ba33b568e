// $1 tenant, $2 erasure, and for whoever holds it $3 its attempt.

/** Writers of customers' rows share it, the ledger's writer has it alone: nobody who has not seen the ledger comes after it. */
export const SHARE_ERASURE_LOCK = `SELECT pg_advisory_xact_lock_shared(hashtext('erasure'), $1::integer)`;
export const TAKE_ERASURE_LOCK = `SELECT pg_advisory_xact_lock(hashtext('erasure'), $1::integer)`;

/** Keeps the application from deleting history at any other time; `RESET ROLE` takes it off again. */
export const BECOME_ERASER = 'SET LOCAL ROLE nightshift_eraser';

export const ENSURE_KEY = `INSERT INTO erasure_key (tenant_id, key) VALUES ($1, $2) ON CONFLICT DO NOTHING`;

/** $2 customer. */
export const UNFINISHED_OF_CUSTOMER = `
  SELECT erasure_id FROM erasure WHERE tenant_id = $1 AND customer_id = $2 AND status <> 'succeeded' LIMIT 1`;

export const INSERT_ERASURE = `
  INSERT INTO erasure (tenant_id, erasure_id, subject, customer_id, requested_by) VALUES ($1, $2, $3, $4, $5)`;

/** $3 customer. One who was erased before is erased again: nodes are told again, too. */
export const ENTER_LEDGER = `
  INSERT INTO erased_customer (tenant_id, customer_hash, erasure_id)
  SELECT $1::integer, erased_hash(k.key, $3), $2::uuid FROM erasure_key AS k WHERE k.tenant_id = $1
  ON CONFLICT (tenant_id, customer_hash) DO UPDATE SET erasure_id = EXCLUDED.erasure_id, finished_at = NULL`;

export const CLAIM_ERASURE = `
  UPDATE erasure SET status = 'running', attempt = attempt + 1, lease_until = now() + make_interval(secs => $3::float8 / 1000)
   WHERE tenant_id = $1 AND erasure_id = $2
     AND (status = 'queued' AND not_before <= now() OR status = 'running' AND lease_until < now())
  RETURNING attempt, subject::text, customer_id, requested_by, requested_at`;

export const LOCK_CLAIM = `
  SELECT receipt FROM erasure
   WHERE tenant_id = $1 AND erasure_id = $2 AND attempt = $3 AND status = 'running' FOR UPDATE`;

export const WRITE_RECEIPT = `UPDATE erasure SET receipt = $3::jsonb WHERE tenant_id = $1 AND erasure_id = $2`;

/** $4 why, $5 milliseconds. */
export const POSTPONE = `
  UPDATE erasure SET status = 'queued', lease_until = NULL, waiting_for = $4,
         not_before = now() + make_interval(secs => $5::float8 / 1000)
   WHERE tenant_id = $1 AND erasure_id = $2 AND attempt = $3 AND status = 'running'`;

export const FINISH = `
  UPDATE erasure SET status = 'succeeded', customer_id = NULL, lease_until = NULL, waiting_for = NULL, finished_at = now()
   WHERE tenant_id = $1 AND erasure_id = $2 AND attempt = $3 AND status = 'running'`;
export const FINISH_LEDGER = `UPDATE erased_customer SET finished_at = now() WHERE tenant_id = $1 AND erasure_id = $2`;

/** Every table that names customers. A test compares it with the catalogue. */
export const CUSTOMER_TABLES = [
  'interaction',
  'impression',
  'outcome',
  'attributed_purchase',
  'export_contact',
  'customer',
] as const;

/** A run that has looked at the data, or an export that is being written, hands on what it saw. */
export const WORK_IN_PROGRESS = `
  SELECT 'run' AS what FROM run WHERE tenant_id = $1 AND status = 'running'
  UNION ALL SELECT 'export' FROM list_export WHERE tenant_id = $1 AND status = 'running' LIMIT 1`;

export const RUNNING_IMPORTS = `
  SELECT import_id, started_at > now() - interval '1 minute' AS is_young FROM import
   WHERE tenant_id = $1 AND status = 'running'`;

/** Where the customer may be found again after a restore. $2 hash, $3 key. */
export const CUSTOMERS_OF_HASH = `
  SELECT DISTINCT customer_id FROM (
    SELECT customer_id FROM customer WHERE tenant_id = $1
    UNION SELECT customer_id FROM interaction WHERE tenant_id = $1 AND customer_id IS NOT NULL
    UNION SELECT customer_id FROM impression WHERE tenant_id = $1
    UNION SELECT customer_id FROM outcome WHERE tenant_id = $1
    UNION SELECT customer_id FROM export_contact WHERE tenant_id = $1) AS known
   WHERE erased_hash($3, customer_id) = $2`;
