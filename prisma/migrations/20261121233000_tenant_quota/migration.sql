-- AlterTable
ALTER TABLE "tenant" ADD COLUMN "requests_per_day" INTEGER;

-- CreateTable
CREATE TABLE "tenant_requests" (
    "tenant_id" INTEGER NOT NULL,
    "day" DATE NOT NULL,
    "node_id" UUID NOT NULL,
    "requests" BIGINT NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "tenant_requests_pkey" PRIMARY KEY ("tenant_id","day","node_id")
);

-- ---------------------------------------------------------------------------------------------------
-- What the Prisma schema language cannot say.
-- ---------------------------------------------------------------------------------------------------

ALTER TABLE tenant ADD CONSTRAINT tenant_requests_per_day_check CHECK (requests_per_day >= 0);
ALTER TABLE tenant_requests ADD CONSTRAINT tenant_requests_requests_check CHECK (requests >= 0);

ALTER TABLE tenant_requests ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenant_requests FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_rows ON tenant_requests TO nightshift_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::integer)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::integer);
GRANT SELECT, INSERT ON tenant_requests TO nightshift_app;

-- Nodes tell each other how much they have given out, of all tenants that have a quota at once.
CREATE POLICY serving_rows ON tenant_requests TO nightshift_serving USING (true) WITH CHECK (true);
GRANT SELECT (tenant_id, day, node_id, requests), INSERT, UPDATE (requests, recorded_at), DELETE
  ON tenant_requests TO nightshift_serving;
GRANT SELECT (requests_per_day) ON tenant TO nightshift_serving;
