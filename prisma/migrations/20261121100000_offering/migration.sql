-- CreateEnum
CREATE TYPE "offering_kind" AS ENUM ('rules', 'reranking');

-- CreateTable
CREATE TABLE "offering" (
    "tenant_id" INTEGER NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "rules_version" INTEGER NOT NULL DEFAULT 0,
    "reranking_version" INTEGER NOT NULL DEFAULT 0,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "offering_pkey" PRIMARY KEY ("tenant_id")
);

-- CreateTable
CREATE TABLE "offering_change" (
    "tenant_id" INTEGER NOT NULL,
    "kind" "offering_kind" NOT NULL,
    "version" INTEGER NOT NULL,
    "document" JSONB NOT NULL,
    "reason" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "offering_change_pkey" PRIMARY KEY ("tenant_id","kind","version")
);

-- ---------------------------------------------------------------------------------------------------
-- What the Prisma schema language cannot say.
-- ---------------------------------------------------------------------------------------------------

ALTER TABLE offering ENABLE ROW LEVEL SECURITY;
ALTER TABLE offering FORCE ROW LEVEL SECURITY;
ALTER TABLE offering_change ENABLE ROW LEVEL SECURITY;
ALTER TABLE offering_change FORCE ROW LEVEL SECURITY;

CREATE POLICY tenant_rows ON offering TO nightshift_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::integer)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::integer);
CREATE POLICY tenant_rows ON offering_change TO nightshift_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::integer)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::integer);
-- History is written once: offering_change has no UPDATE.
GRANT SELECT, INSERT ON offering, offering_change TO nightshift_app;
GRANT UPDATE ON offering TO nightshift_app;

-- The data plane follows every tenant's offering, and which products are no longer sold; of products it sees nothing else.
CREATE POLICY serving_rows ON offering FOR SELECT TO nightshift_serving USING (true);
CREATE POLICY serving_rows ON offering_change FOR SELECT TO nightshift_serving USING (true);
CREATE POLICY serving_retired ON product FOR SELECT TO nightshift_serving USING (retired_at IS NOT NULL);
GRANT SELECT (tenant_id, revision, rules_version, reranking_version) ON offering TO nightshift_serving;
GRANT SELECT (tenant_id, kind, version, document) ON offering_change TO nightshift_serving;
GRANT SELECT (tenant_id, product_id, retired_at) ON product TO nightshift_serving;
CREATE INDEX product_retired_idx ON product (tenant_id, product_id) WHERE retired_at IS NOT NULL;

-- A product that is retired, or sold again, is news for the data plane, whoever wrote it: a tenant's file or its API.
CREATE FUNCTION announce_retirement() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE changed integer[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT array_agg(DISTINCT tenant_id) INTO changed FROM after_rows WHERE retired_at IS NOT NULL;
  ELSE
    SELECT array_agg(DISTINCT a.tenant_id) INTO changed
      FROM after_rows a JOIN before_rows b ON b.tenant_id = a.tenant_id AND b.product_id = a.product_id
     WHERE a.retired_at IS DISTINCT FROM b.retired_at;
  END IF;
  IF changed IS NOT NULL THEN
    INSERT INTO offering (tenant_id) SELECT unnest(changed)
      ON CONFLICT (tenant_id) DO UPDATE SET revision = offering.revision + 1, changed_at = now();
    INSERT INTO outbox (tenant_id, message_id, topic, payload)
      SELECT id, gen_random_uuid(), 'offering.changed', '{}' FROM unnest(changed) AS id;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER product_retired_by_insert AFTER INSERT ON product
  REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION announce_retirement();
CREATE TRIGGER product_retired_by_update AFTER UPDATE ON product
  REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION announce_retirement();
