-- CreateEnum
CREATE TYPE "export_status" AS ENUM ('queued', 'running', 'succeeded', 'failed', 'expired');

-- CreateEnum
CREATE TYPE "export_event_kind" AS ENUM ('requested', 'downloaded', 'deleted');

-- CreateTable
CREATE TABLE "list_export" (
    "tenant_id" INTEGER NOT NULL,
    "export_id" UUID NOT NULL,
    "status" "export_status" NOT NULL DEFAULT 'queued',
    "options" JSONB NOT NULL,
    "requested_by" TEXT NOT NULL,
    "requested_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "lease_until" TIMESTAMPTZ(3),
    "progress" REAL NOT NULL DEFAULT 0,
    "customers" INTEGER NOT NULL DEFAULT 0,
    "recommended" INTEGER NOT NULL DEFAULT 0,
    "rows" INTEGER NOT NULL DEFAULT 0,
    "model_version" INTEGER,
    "bytes" BIGINT,
    "sha256" TEXT,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3),
    "error_code" TEXT,
    "error_message" TEXT,

    CONSTRAINT "list_export_pkey" PRIMARY KEY ("tenant_id","export_id")
);

-- CreateTable
CREATE TABLE "export_contact" (
    "tenant_id" INTEGER NOT NULL,
    "customer_id" TEXT NOT NULL,
    "export_id" UUID NOT NULL,

    CONSTRAINT "export_contact_pkey" PRIMARY KEY ("tenant_id","customer_id","export_id")
);

-- CreateTable
CREATE TABLE "export_event" (
    "tenant_id" INTEGER NOT NULL,
    "export_id" UUID NOT NULL,
    "event_id" UUID NOT NULL,
    "kind" "export_event_kind" NOT NULL,
    "actor" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "export_event_pkey" PRIMARY KEY ("tenant_id","export_id","event_id")
);

-- CreateIndex
CREATE INDEX "list_export_status_idx" ON "list_export"("status");

-- ---------------------------------------------------------------------------------------------------
-- What the Prisma schema language cannot say.
-- ---------------------------------------------------------------------------------------------------

DO $$
DECLARE relation text;
BEGIN
  FOREACH relation IN ARRAY ARRAY['list_export', 'export_contact', 'export_event'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', relation);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', relation);
    EXECUTE format(
      'CREATE POLICY tenant_rows ON %I TO nightshift_app
         USING (tenant_id = NULLIF(current_setting(''app.tenant_id'', true), '''')::integer)
         WITH CHECK (tenant_id = NULLIF(current_setting(''app.tenant_id'', true), '''')::integer)', relation);
    EXECUTE format('GRANT SELECT, INSERT ON %I TO nightshift_app', relation);
  END LOOP;
END $$;
-- The record of who did what is written once: export_event has no UPDATE.
GRANT UPDATE ON list_export TO nightshift_app;
GRANT DELETE ON export_contact TO nightshift_app;

-- The platform sees which exports wait and which files are due for deletion, not what is in them nor who asked.
CREATE POLICY platform_rows ON list_export FOR SELECT TO nightshift_platform USING (true);
GRANT SELECT (tenant_id, export_id, status, attempt, lease_until, requested_at, expires_at) ON list_export TO nightshift_platform;
