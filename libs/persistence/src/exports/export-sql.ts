// $1 tenant, $2 export, and for whoever holds it $3 its attempt.

export const LOCK_TENANT = `SELECT pg_advisory_xact_lock(hashtext('list-export'), $1::integer)`;

export const CLAIM = `
  UPDATE list_export AS e SET status = 'running', attempt = attempt + 1, progress = 0, started_at = COALESCE(started_at, now()),
         lease_until = now() + make_interval(secs => $3::float8 / 1000)
   WHERE tenant_id = $1 AND export_id = $2 AND (status = 'queued' OR status = 'running' AND lease_until < now())
     AND NOT EXISTS (SELECT FROM list_export AS other WHERE other.tenant_id = $1 AND other.export_id <> $2
                        AND other.status = 'running' AND other.lease_until >= now())
  RETURNING attempt, options`;

/** What an earlier attempt has noted, and what is too old for any policy. $3 days. */
export const FORGET_CONTACTS = `
  DELETE FROM export_contact AS c USING list_export AS e
   WHERE c.tenant_id = $1 AND e.tenant_id = $1 AND e.export_id = c.export_id
     AND (e.export_id = $2 OR e.status = 'failed' OR e.finished_at < now() - make_interval(days => $3::int))`;

export const COUNT_CUSTOMERS = `
  SELECT count(*)::float8 AS n FROM customer WHERE tenant_id = $1 AND ($2::text[] IS NULL OR segment = ANY($2))`;

/** $2 segments, $3 the customer before, $4 how many, $5 days within which nobody is contacted again. */
export const CUSTOMERS = `
  SELECT customer_id, segment, country, $5::int > 0 AND EXISTS (
           SELECT FROM export_contact AS c JOIN list_export AS e USING (tenant_id, export_id)
            WHERE c.tenant_id = $1 AND c.customer_id = customer.customer_id AND e.status IN ('succeeded', 'expired')
              AND e.finished_at > now() - make_interval(days => $5::int)) AS was_contacted
    FROM customer
   WHERE tenant_id = $1 AND ($2::text[] IS NULL OR segment = ANY($2)) AND ($3::text IS NULL OR customer_id > $3)
   ORDER BY customer_id LIMIT $4`;

export const REPORT = `
  UPDATE list_export SET lease_until = now() + make_interval(secs => $4::float8 / 1000), progress = $5, customers = $6,
         recommended = $7, rows = $8
   WHERE tenant_id = $1 AND export_id = $2 AND attempt = $3 AND status = 'running'`;

export const RECORD_CONTACTS = `
  INSERT INTO export_contact (tenant_id, customer_id, export_id) SELECT $1::int, unnest($3::text[]), $2::uuid
  ON CONFLICT DO NOTHING`;

export const SUCCEED = `
  UPDATE list_export SET status = 'succeeded', progress = 1, customers = $4, recommended = $5, rows = $6, model_version = $7,
         bytes = $8, sha256 = $9, finished_at = now(), expires_at = now() + make_interval(days => $10::int), lease_until = NULL,
         error_code = NULL, error_message = NULL
   WHERE tenant_id = $1 AND export_id = $2 AND attempt = $3 AND status = 'running'`;

/** $6: whether another attempt may follow. */
export const FAIL = `
  UPDATE list_export SET status = CASE WHEN $6 THEN 'queued' ELSE 'failed' END::export_status, error_code = $4, error_message = $5,
         lease_until = NULL, finished_at = CASE WHEN $6 THEN NULL ELSE now() END
   WHERE tenant_id = $1 AND export_id = $2 AND attempt = $3 AND status = 'running'`;

export const EXPIRE = `
  WITH expired AS (
    UPDATE list_export SET status = 'expired' WHERE tenant_id = $1 AND export_id = $2 AND status = 'succeeded'
    RETURNING tenant_id, export_id)
  INSERT INTO export_event (tenant_id, export_id, event_id, kind, actor)
  SELECT tenant_id, export_id, $3::uuid, 'deleted', 'system' FROM expired`;
