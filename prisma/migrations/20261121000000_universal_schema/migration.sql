-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "lifecycle_state" AS ENUM ('on', 'frozen', 'off');

-- CreateEnum
CREATE TYPE "interaction_type" AS ENUM ('view', 'search', 'click', 'cart', 'purchase', 'rating', 'return');

-- CreateEnum
CREATE TYPE "outcome_kind" AS ENUM ('accepted', 'rejected', 'skipped', 'clicked', 'carted', 'bought');

-- CreateEnum
CREATE TYPE "run_kind" AS ENUM ('nightly', 'manual');

-- CreateEnum
CREATE TYPE "run_status" AS ENUM ('queued', 'admitted', 'running', 'succeeded', 'failed');

-- CreateEnum
CREATE TYPE "stage_status" AS ENUM ('running', 'succeeded', 'failed');

-- CreateEnum
CREATE TYPE "model_version_status" AS ENUM ('candidate', 'champion', 'retired', 'rejected');

-- CreateEnum
CREATE TYPE "verdict_lane" AS ENUM ('first', 'refresh', 'change');

-- CreateEnum
CREATE TYPE "import_status" AS ENUM ('running', 'succeeded', 'failed');

-- CreateTable
CREATE TABLE "tenant" (
    "id" SERIAL NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "time_zone" TEXT NOT NULL,
    "currency" CHAR(3) NOT NULL DEFAULT 'EUR',
    "state" "lifecycle_state" NOT NULL DEFAULT 'on',
    "state_changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "settings" JSONB NOT NULL DEFAULT '{}',
    "template_version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "tenant_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "customer" (
    "tenant_id" INTEGER NOT NULL,
    "customer_id" TEXT NOT NULL,
    "region" TEXT,
    "country" TEXT,
    "age_band" TEXT,
    "gender" TEXT,
    "tier" TEXT,
    "segment" TEXT,
    "attributes" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "customer_pkey" PRIMARY KEY ("tenant_id","customer_id")
);

-- CreateTable
CREATE TABLE "product" (
    "tenant_id" INTEGER NOT NULL,
    "product_id" TEXT NOT NULL,
    "name" TEXT,
    "category" TEXT,
    "brand" TEXT,
    "description" TEXT,
    "price" DECIMAL(14,4),
    "attributes" JSONB NOT NULL DEFAULT '{}',
    "available_from" TIMESTAMPTZ(3),
    "retired_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "product_pkey" PRIMARY KEY ("tenant_id","product_id")
);

-- CreateTable
CREATE TABLE "offer" (
    "tenant_id" INTEGER NOT NULL,
    "offer_id" TEXT NOT NULL,
    "product_id" TEXT NOT NULL,
    "name" TEXT,
    "price" DECIMAL(14,4),
    "valid_from" TIMESTAMPTZ(3),
    "valid_until" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "offer_pkey" PRIMARY KEY ("tenant_id","offer_id")
);

-- CreateTable
CREATE TABLE "promotion" (
    "tenant_id" INTEGER NOT NULL,
    "promotion_id" TEXT NOT NULL,
    "name" TEXT,
    "product_ids" TEXT[],
    "discount_share" DOUBLE PRECISION,
    "valid_from" TIMESTAMPTZ(3),
    "valid_until" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "promotion_pkey" PRIMARY KEY ("tenant_id","promotion_id")
);

-- CreateTable
CREATE TABLE "interaction" (
    "tenant_id" INTEGER NOT NULL,
    "event_id" TEXT NOT NULL,
    "type" "interaction_type" NOT NULL,
    "customer_id" TEXT,
    "product_id" TEXT NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "quantity" DOUBLE PRECISION,
    "unit_price" DECIMAL(14,4),
    "rating" REAL,
    "order_id" TEXT,
    "channel" TEXT,
    "offer_id" TEXT,
    "import_id" UUID,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "interaction_pkey" PRIMARY KEY ("tenant_id","event_id")
) PARTITION BY HASH ("tenant_id");

-- CreateTable
CREATE TABLE "impression" (
    "tenant_id" INTEGER NOT NULL,
    "event_id" TEXT NOT NULL,
    "recommendation_id" TEXT,
    "customer_id" TEXT NOT NULL,
    "product_id" TEXT NOT NULL,
    "position" INTEGER,
    "shown_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "impression_pkey" PRIMARY KEY ("tenant_id","event_id")
) PARTITION BY HASH ("tenant_id");

-- CreateTable
CREATE TABLE "outcome" (
    "tenant_id" INTEGER NOT NULL,
    "event_id" TEXT NOT NULL,
    "recommendation_id" TEXT,
    "customer_id" TEXT NOT NULL,
    "product_id" TEXT NOT NULL,
    "kind" "outcome_kind" NOT NULL,
    "reason" TEXT,
    "quantity" DOUBLE PRECISION,
    "unit_price" DECIMAL(14,4),
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "outcome_pkey" PRIMARY KEY ("tenant_id","event_id")
) PARTITION BY HASH ("tenant_id");

-- CreateTable
CREATE TABLE "import" (
    "tenant_id" INTEGER NOT NULL,
    "import_id" UUID NOT NULL,
    "entity" TEXT NOT NULL,
    "format" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "mapping" JSONB NOT NULL,
    "status" "import_status" NOT NULL,
    "requested_by" TEXT NOT NULL,
    "read" INTEGER NOT NULL DEFAULT 0,
    "accepted" INTEGER NOT NULL DEFAULT 0,
    "already_known" INTEGER NOT NULL DEFAULT 0,
    "rejected" INTEGER NOT NULL DEFAULT 0,
    "rejected_file" TEXT,
    "error" TEXT,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "import_pkey" PRIMARY KEY ("tenant_id","import_id")
);

-- CreateTable
CREATE TABLE "run" (
    "tenant_id" INTEGER NOT NULL,
    "run_id" UUID NOT NULL,
    "night" DATE NOT NULL,
    "kind" "run_kind" NOT NULL,
    "ordinal" INTEGER NOT NULL DEFAULT 0,
    "status" "run_status" NOT NULL DEFAULT 'queued',
    "active" BOOLEAN DEFAULT true,
    "outcome" TEXT,
    "requested_by" TEXT NOT NULL,
    "reason" TEXT,
    "seed" INTEGER NOT NULL,
    "template_version" INTEGER NOT NULL,
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "not_before" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "fencing_token" INTEGER NOT NULL DEFAULT 0,
    "lease_owner" TEXT,
    "lease_until" TIMESTAMPTZ(3),
    "admitted_at" TIMESTAMPTZ(3),
    "error_code" TEXT,
    "error_message" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "run_pkey" PRIMARY KEY ("tenant_id","run_id")
);

-- CreateTable
CREATE TABLE "run_stage" (
    "tenant_id" INTEGER NOT NULL,
    "run_id" UUID NOT NULL,
    "stage" TEXT NOT NULL,
    "status" "stage_status" NOT NULL,
    "attempt" INTEGER NOT NULL,
    "fencing_token" INTEGER NOT NULL,
    "progress" REAL NOT NULL DEFAULT 0,
    "output" JSONB NOT NULL DEFAULT '{}',
    "error" TEXT,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "run_stage_pkey" PRIMARY KEY ("tenant_id","run_id","stage")
);

-- CreateTable
CREATE TABLE "model_version" (
    "tenant_id" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "run_id" UUID NOT NULL,
    "status" "model_version_status" NOT NULL,
    "algorithm" TEXT NOT NULL,
    "recipe" JSONB NOT NULL,
    "seed" INTEGER NOT NULL,
    "watermark" TIMESTAMPTZ(3) NOT NULL,
    "snapshot_hash" TEXT NOT NULL,
    "holdout_from" TIMESTAMPTZ(3) NOT NULL,
    "code_version" TEXT NOT NULL,
    "metrics" JSONB NOT NULL,
    "training_seconds" DOUBLE PRECISION NOT NULL,
    "artifact" TEXT NOT NULL,
    "artifact_sha256" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "promoted_at" TIMESTAMPTZ(3),

    CONSTRAINT "model_version_pkey" PRIMARY KEY ("tenant_id","version")
);

-- CreateTable
CREATE TABLE "publication" (
    "tenant_id" INTEGER NOT NULL,
    "publication_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "model_version" INTEGER NOT NULL,
    "list_file" TEXT NOT NULL,
    "list_sha256" TEXT NOT NULL,
    "customer_lists" INTEGER NOT NULL,
    "fallback_lists" INTEGER NOT NULL,
    "published_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "publication_pkey" PRIMARY KEY ("tenant_id","publication_id")
);

-- CreateTable
CREATE TABLE "serving_pointer" (
    "tenant_id" INTEGER NOT NULL,
    "model_version" INTEGER NOT NULL,
    "publication_id" UUID NOT NULL,
    "list_file" TEXT NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "moved_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "serving_pointer_pkey" PRIMARY KEY ("tenant_id")
);

-- CreateTable
CREATE TABLE "verdict" (
    "tenant_id" INTEGER NOT NULL,
    "run_id" UUID NOT NULL,
    "lane" "verdict_lane" NOT NULL,
    "champion_version" INTEGER,
    "challenger_version" INTEGER NOT NULL,
    "promoted" BOOLEAN NOT NULL,
    "reason_code" TEXT NOT NULL,
    "sentence" TEXT NOT NULL,
    "numbers" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "verdict_pkey" PRIMARY KEY ("tenant_id","run_id","lane")
);

-- CreateTable
CREATE TABLE "lifecycle_change" (
    "tenant_id" INTEGER NOT NULL,
    "change_id" UUID NOT NULL,
    "from_state" "lifecycle_state" NOT NULL,
    "to_state" "lifecycle_state" NOT NULL,
    "reason" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "lifecycle_change_pkey" PRIMARY KEY ("tenant_id","change_id")
);

-- CreateTable
CREATE TABLE "registry_change" (
    "tenant_id" INTEGER NOT NULL,
    "change_id" UUID NOT NULL,
    "from_version" INTEGER,
    "to_version" INTEGER NOT NULL,
    "reason" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "registry_change_pkey" PRIMARY KEY ("tenant_id","change_id")
);

-- CreateTable
CREATE TABLE "api_key" (
    "tenant_id" INTEGER NOT NULL,
    "key_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "secret_sha256" TEXT NOT NULL,
    "scopes" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("tenant_id","key_id")
);

-- CreateTable
CREATE TABLE "outbox" (
    "tenant_id" INTEGER NOT NULL,
    "message_id" UUID NOT NULL,
    "topic" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "delivered_at" TIMESTAMPTZ(3),

    CONSTRAINT "outbox_pkey" PRIMARY KEY ("tenant_id","message_id")
);

-- CreateTable
CREATE TABLE "data_quality_report" (
    "tenant_id" INTEGER NOT NULL,
    "run_id" UUID NOT NULL,
    "passed" BOOLEAN NOT NULL,
    "findings" JSONB NOT NULL,
    "numbers" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "data_quality_report_pkey" PRIMARY KEY ("tenant_id","run_id")
);

-- CreateTable
CREATE TABLE "worker_node" (
    "worker_id" TEXT NOT NULL,
    "slots" INTEGER NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "heartbeat_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "worker_node_pkey" PRIMARY KEY ("worker_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "tenant_slug_key" ON "tenant"("slug");

-- CreateIndex
CREATE INDEX "offer_tenant_id_product_id_idx" ON "offer"("tenant_id", "product_id");

-- CreateIndex
CREATE INDEX "run_status_not_before_idx" ON "run"("status", "not_before");

-- CreateIndex
CREATE INDEX "run_tenant_id_started_at_idx" ON "run"("tenant_id", "started_at");

-- CreateIndex
CREATE UNIQUE INDEX "run_tenant_id_night_kind_ordinal_key" ON "run"("tenant_id", "night", "kind", "ordinal");

-- CreateIndex
CREATE UNIQUE INDEX "run_tenant_id_active_key" ON "run"("tenant_id", "active");

-- CreateIndex
CREATE INDEX "publication_tenant_id_model_version_published_at_idx" ON "publication"("tenant_id", "model_version", "published_at");

-- CreateIndex
CREATE UNIQUE INDEX "api_key_key_id_key" ON "api_key"("key_id");

-- CreateIndex
CREATE INDEX "outbox_delivered_at_created_at_idx" ON "outbox"("delivered_at", "created_at");



-- ---------------------------------------------------------------------------------------------------
-- What the Prisma schema language cannot say: partitions, roles, grants and row-level security.
-- ---------------------------------------------------------------------------------------------------

-- Hot tables: 32 hash partitions each, so that no index grows past memory and vacuum works in pieces.
DO $$
DECLARE parent text;
BEGIN
  FOREACH parent IN ARRAY ARRAY['interaction', 'impression', 'outcome'] LOOP
    FOR part IN 0..31 LOOP
      EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES WITH (MODULUS 32, REMAINDER %s)',
                     parent || '_p' || lpad(part::text, 2, '0'), parent, part);
    END LOOP;
  END LOOP;
END $$;

-- Group roles carry the rights; each database has login roles of its own that are members of them.
--   nightshift_app       one tenant at a time: api, worker, cli
--   nightshift_platform  which tenants exist and how their runs stand; never a tenant's data
--   nightshift_serving   pointers, states and key hashes to read; impressions and outcomes to append
DO $$
DECLARE role_name text;
BEGIN
  FOREACH role_name IN ARRAY ARRAY['nightshift_app', 'nightshift_platform', 'nightshift_serving'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
      BEGIN
        EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS', role_name);
      EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; -- another database of this cluster was faster
      END;
    END IF;
  END LOOP;
END $$;

GRANT USAGE ON SCHEMA public TO nightshift_app, nightshift_platform, nightshift_serving;

-- Row-level security, forced, on every table and every partition. No policy means no row: it fails closed.
DO $$
DECLARE relation regclass;
BEGIN
  FOR relation IN
    SELECT c.oid::regclass FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname <> '_prisma_migrations'
  LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', relation);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', relation);
  END LOOP;
END $$;

-- The application sees the rows of the tenant that its transaction names, and only those.
DO $$
DECLARE relation text;
BEGIN
  FOREACH relation IN ARRAY ARRAY[
    'customer', 'product', 'offer', 'promotion', 'interaction', 'impression', 'outcome', 'import', 'run', 'run_stage',
    'model_version', 'publication', 'serving_pointer', 'verdict', 'lifecycle_change', 'registry_change', 'api_key',
    'outbox', 'data_quality_report']
  LOOP
    EXECUTE format(
      'CREATE POLICY tenant_rows ON %I TO nightshift_app
         USING (tenant_id = NULLIF(current_setting(''app.tenant_id'', true), '''')::integer)
         WITH CHECK (tenant_id = NULLIF(current_setting(''app.tenant_id'', true), '''')::integer)', relation);
    EXECUTE format('GRANT SELECT, INSERT ON %I TO nightshift_app', relation);
  END LOOP;
END $$;

-- History is written once: lifecycle_change, registry_change, verdict, data_quality_report and publication have no UPDATE.
GRANT UPDATE ON customer, product, offer, promotion, import, run, run_stage, model_version, serving_pointer, api_key, outbox
  TO nightshift_app;

-- A tenant is found by the name in the address, a key by the id inside the key: knowing it is what shows the row.
CREATE POLICY own_tenant ON tenant FOR SELECT TO nightshift_app
  USING (id = NULLIF(current_setting('app.tenant_id', true), '')::integer
         OR slug = NULLIF(current_setting('app.tenant_slug', true), ''));
CREATE POLICY own_tenant_update ON tenant FOR UPDATE TO nightshift_app
  USING (id = NULLIF(current_setting('app.tenant_id', true), '')::integer)
  WITH CHECK (id = NULLIF(current_setting('app.tenant_id', true), '')::integer);
GRANT SELECT, UPDATE (state, state_changed_at, settings) ON tenant TO nightshift_app;
CREATE POLICY presented_key ON api_key FOR SELECT TO nightshift_app
  USING (key_id = NULLIF(current_setting('app.key_id', true), ''));

-- The platform: tenants, runs, workers and the outbox.
DO $$
DECLARE relation text;
BEGIN
  FOREACH relation IN ARRAY ARRAY['tenant', 'run', 'run_stage', 'worker_node', 'outbox', 'lifecycle_change'] LOOP
    EXECUTE format('CREATE POLICY platform_rows ON %I TO nightshift_platform USING (true) WITH CHECK (true)', relation);
    EXECUTE format('GRANT SELECT ON %I TO nightshift_platform', relation);
  END LOOP;
END $$;
GRANT INSERT, UPDATE ON tenant, run TO nightshift_platform;
GRANT INSERT, UPDATE, DELETE ON worker_node TO nightshift_platform;
GRANT UPDATE ON outbox TO nightshift_platform;
GRANT USAGE ON SEQUENCE tenant_id_seq TO nightshift_platform;

-- The data plane.
CREATE POLICY serving_rows ON tenant FOR SELECT TO nightshift_serving USING (true);
CREATE POLICY serving_rows ON serving_pointer FOR SELECT TO nightshift_serving USING (true);
CREATE POLICY serving_rows ON api_key FOR SELECT TO nightshift_serving USING (true);
GRANT SELECT (id, slug, state, state_changed_at) ON tenant TO nightshift_serving;
GRANT SELECT ON serving_pointer TO nightshift_serving;
GRANT SELECT (tenant_id, key_id, name, secret_sha256, scopes, expires_at, revoked_at) ON api_key TO nightshift_serving;
DO $$
DECLARE relation text;
BEGIN
  FOREACH relation IN ARRAY ARRAY['impression', 'outcome'] LOOP
    EXECUTE format(
      'CREATE POLICY serving_append ON %I FOR INSERT TO nightshift_serving
         WITH CHECK (tenant_id = NULLIF(current_setting(''app.tenant_id'', true), '''')::integer)', relation);
    EXECUTE format('GRANT INSERT ON %I TO nightshift_serving', relation);
  END LOOP;
END $$;
