-- AlterTable
ALTER TABLE "product" ADD COLUMN "hidden" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "availability_change" (
    "tenant_id" INTEGER NOT NULL,
    "product_id" TEXT NOT NULL,
    "change_id" UUID NOT NULL,
    "hidden" BOOLEAN NOT NULL,
    "available_from" TIMESTAMPTZ(3),
    "retired_at" TIMESTAMPTZ(3),
    "reason" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "availability_change_pkey" PRIMARY KEY ("tenant_id","product_id","change_id")
);

-- ---------------------------------------------------------------------------------------------------
-- What the Prisma schema language cannot say.
-- ---------------------------------------------------------------------------------------------------

ALTER TABLE availability_change ENABLE ROW LEVEL SECURITY;
ALTER TABLE availability_change FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_rows ON availability_change TO nightshift_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::integer)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::integer);
-- Written once: no UPDATE.
GRANT SELECT, INSERT ON availability_change TO nightshift_app;

-- The data plane sees of products which are not offered, or not yet, and nothing else.
DROP POLICY serving_retired ON product;
CREATE POLICY serving_unavailable ON product FOR SELECT TO nightshift_serving
  USING (retired_at IS NOT NULL OR hidden OR available_from > now());
GRANT SELECT (available_from, hidden) ON product TO nightshift_serving;
DROP INDEX product_retired_idx;
CREATE INDEX product_unavailable_idx ON product (tenant_id, product_id)
  WHERE retired_at IS NOT NULL OR hidden OR available_from IS NOT NULL;

CREATE OR REPLACE FUNCTION announce_retirement() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE changed integer[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT array_agg(DISTINCT tenant_id) INTO changed
      FROM after_rows WHERE retired_at IS NOT NULL OR hidden OR available_from > now();
  ELSE
    SELECT array_agg(DISTINCT a.tenant_id) INTO changed
      FROM after_rows a JOIN before_rows b ON b.tenant_id = a.tenant_id AND b.product_id = a.product_id
     WHERE (a.retired_at, a.hidden, a.available_from) IS DISTINCT FROM (b.retired_at, b.hidden, b.available_from);
  END IF;
  IF changed IS NOT NULL THEN
    INSERT INTO offering (tenant_id) SELECT unnest(changed)
      ON CONFLICT (tenant_id) DO UPDATE SET revision = offering.revision + 1, changed_at = now();
    INSERT INTO outbox (tenant_id, message_id, topic, payload)
      SELECT id, gen_random_uuid(), 'offering.changed', '{}' FROM unnest(changed) AS id;
  END IF;
  RETURN NULL;
END $$;
