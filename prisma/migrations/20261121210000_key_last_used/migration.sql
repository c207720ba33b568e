-- When a key was used last: noted in bulk by the processes that check keys.
ALTER TABLE "api_key" ADD COLUMN "last_used_at" TIMESTAMPTZ(3);

-- Serving nodes check the keys of every tenant, and may change this one column of them.
GRANT SELECT (last_used_at), UPDATE (last_used_at) ON api_key TO nightshift_serving;
CREATE POLICY serving_notes ON api_key FOR UPDATE TO nightshift_serving USING (true) WITH CHECK (true);
