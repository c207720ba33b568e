-- CreateEnum
CREATE TYPE "erasure_subject" AS ENUM ('customer', 'tenant');

-- CreateEnum
CREATE TYPE "erasure_status" AS ENUM ('queued', 'running', 'succeeded');

-- CreateTable
CREATE TABLE "erasure_key" (
    "tenant_id" INTEGER NOT NULL,
    "key" BYTEA NOT NULL,

    CONSTRAINT "erasure_key_pkey" PRIMARY KEY ("tenant_id")
);

-- CreateTable
CREATE TABLE "erasure" (
    "tenant_id" INTEGER NOT NULL,
    "erasure_id" UUID NOT NULL,
    "subject" "erasure_subject" NOT NULL,
    "customer_id" TEXT,
    "requested_by" TEXT NOT NULL,
    "requested_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "status" "erasure_status" NOT NULL DEFAULT 'queued',
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "not_before" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lease_until" TIMESTAMPTZ(3),
    "receipt" JSONB NOT NULL DEFAULT '[]',
    "waiting_for" TEXT,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "erasure_pkey" PRIMARY KEY ("tenant_id","erasure_id")
);

-- CreateTable
CREATE TABLE "erased_customer" (
    "tenant_id" INTEGER NOT NULL,
    "customer_hash" BYTEA NOT NULL,
    "erasure_id" UUID NOT NULL,
    "erased_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "erased_customer_pkey" PRIMARY KEY ("tenant_id","customer_hash")
);

-- CreateTable
CREATE TABLE "erasure_acknowledgement" (
    "tenant_id" INTEGER NOT NULL,
    "erasure_id" UUID NOT NULL,
    "node_id" TEXT NOT NULL,
    "acknowledged_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "erasure_acknowledgement_pkey" PRIMARY KEY ("tenant_id","erasure_id","node_id")
);

-- CreateTable
CREATE TABLE "tenant_erasure" (
    "erasure_id" UUID NOT NULL,
    "former_tenant" INTEGER NOT NULL,
    "requested_by" TEXT NOT NULL,
    "requested_at" TIMESTAMPTZ(3) NOT NULL,
    "receipt" JSONB NOT NULL,
    "finished_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "tenant_erasure_pkey" PRIMARY KEY ("erasure_id")
);

-- CreateIndex
CREATE INDEX "erasure_status_idx" ON "erasure"("status");

-- ---------------------------------------------------------------------------------------------------
-- What the Prisma schema language cannot say.
-- ---------------------------------------------------------------------------------------------------

-- A hash with the tenant's key: nested, so that nothing can be appended to what was hashed.
CREATE FUNCTION erased_hash(key bytea, customer_id text) RETURNS bytea LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN sha256(key || sha256(key || convert_to(customer_id, 'UTF8')));

-- Whether the transaction's tenant has erased this customer. One look at an empty index where nobody ever was.
CREATE FUNCTION is_erased(tenant integer, customer text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
  RETURN EXISTS (SELECT FROM erased_customer AS e WHERE e.tenant_id = tenant AND e.customer_hash =
    erased_hash((SELECT k.key FROM erasure_key AS k WHERE k.tenant_id = tenant), customer));

DO $$
DECLARE relation text;
BEGIN
  FOREACH relation IN ARRAY ARRAY['erasure_key', 'erasure', 'erased_customer', 'erasure_acknowledgement'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', relation);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', relation);
    EXECUTE format(
      'CREATE POLICY tenant_rows ON %I TO nightshift_app
         USING (tenant_id = NULLIF(current_setting(''app.tenant_id'', true), '''')::integer)
         WITH CHECK (tenant_id = NULLIF(current_setting(''app.tenant_id'', true), '''')::integer)', relation);
    EXECUTE format('GRANT SELECT, INSERT ON %I TO nightshift_app', relation);
  END LOOP;
END $$;
GRANT UPDATE ON erasure TO nightshift_app;
GRANT UPDATE (finished_at, erasure_id) ON erased_customer TO nightshift_app;

-- The platform sees which erasures wait, not whom they are about; receipts of erased tenants are its own.
CREATE POLICY platform_rows ON erasure FOR SELECT TO nightshift_platform USING (true);
GRANT SELECT (tenant_id, erasure_id, subject, status, attempt, not_before, lease_until) ON erasure TO nightshift_platform;
ALTER TABLE tenant_erasure ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenant_erasure FORCE ROW LEVEL SECURITY;
CREATE POLICY platform_rows ON tenant_erasure TO nightshift_platform USING (true) WITH CHECK (true);
GRANT SELECT ON tenant_erasure TO nightshift_platform;

-- Serving nodes learn hashes, never ids, and say when they have forgotten.
CREATE POLICY serving_rows ON erasure_key FOR SELECT TO nightshift_serving USING (true);
CREATE POLICY serving_rows ON erased_customer FOR SELECT TO nightshift_serving USING (true);
CREATE POLICY serving_append ON erasure_acknowledgement FOR INSERT TO nightshift_serving
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::integer);
GRANT SELECT ON erasure_key, erased_customer TO nightshift_serving;
GRANT INSERT ON erasure_acknowledgement TO nightshift_serving;

-- The eraser: a role that erasure and retention put on for single transactions, so that the application as such can delete
-- no history. It too sees only the tenant that the transaction names.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'nightshift_eraser') THEN
    BEGIN
      CREATE ROLE nightshift_eraser NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; -- another database of this cluster was faster
    END;
  END IF;
  IF NOT pg_has_role('nightshift_app', 'nightshift_eraser', 'MEMBER') THEN
    BEGIN
      -- Before PostgreSQL 16 a membership is inherited as a whole.
      IF current_setting('server_version_num')::integer >= 160000 THEN
        EXECUTE 'GRANT nightshift_eraser TO nightshift_app WITH INHERIT FALSE, SET TRUE';
      ELSE
        EXECUTE 'GRANT nightshift_eraser TO nightshift_app';
      END IF;
    EXCEPTION WHEN unique_violation OR internal_error THEN NULL; -- granted in the same moment
    END;
  END IF;
END $$;

GRANT USAGE ON SCHEMA public TO nightshift_eraser;
DO $$
DECLARE relation regclass;
BEGIN
  FOR relation IN
    SELECT c.oid::regclass FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
  LOOP
    EXECUTE format(
      'CREATE POLICY eraser_rows ON %s TO nightshift_eraser
         USING (tenant_id = NULLIF(current_setting(''app.tenant_id'', true), '''')::integer)
         WITH CHECK (tenant_id = NULLIF(current_setting(''app.tenant_id'', true), '''')::integer)', relation);
    EXECUTE format('GRANT SELECT, DELETE ON %s TO nightshift_eraser', relation);
  END LOOP;
END $$;
CREATE POLICY eraser_tenant ON tenant TO nightshift_eraser
  USING (id = NULLIF(current_setting('app.tenant_id', true), '')::integer)
  WITH CHECK (id = NULLIF(current_setting('app.tenant_id', true), '')::integer);
GRANT SELECT, DELETE ON tenant TO nightshift_eraser;
-- A list file without the erased customer takes the place of the one with them.
GRANT UPDATE (list_file, list_sha256) ON publication TO nightshift_eraser;
GRANT UPDATE (list_file, revision) ON serving_pointer TO nightshift_eraser;
-- The receipt outlives its tenant.
CREATE POLICY eraser_append ON tenant_erasure FOR INSERT TO nightshift_eraser
  WITH CHECK (former_tenant = NULLIF(current_setting('app.tenant_id', true), '')::integer);
GRANT INSERT ON tenant_erasure TO nightshift_eraser;
