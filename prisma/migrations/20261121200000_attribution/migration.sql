-- CreateTable
CREATE TABLE "served_answers" (
    "tenant_id" INTEGER NOT NULL,
    "day" DATE NOT NULL,
    "node_id" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "status_reason" TEXT NOT NULL,
    "answers" INTEGER NOT NULL,
    "flush" INTEGER NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "served_answers_pkey" PRIMARY KEY ("tenant_id","day","node_id","status","status_reason")
);

-- CreateTable
CREATE TABLE "attributed_purchase" (
    "tenant_id" INTEGER NOT NULL,
    "purchase_id" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "customer_id" TEXT NOT NULL,
    "product_id" TEXT NOT NULL,
    "bought_at" TIMESTAMPTZ(3) NOT NULL,
    "revenue" DECIMAL(20,4),
    "recommendation_id" TEXT,
    "shown_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "attributed_purchase_pkey" PRIMARY KEY ("tenant_id","purchase_id")
);

-- CreateTable
CREATE TABLE "daily_kpi" (
    "tenant_id" INTEGER NOT NULL,
    "day" DATE NOT NULL,
    "served" INTEGER NOT NULL,
    "none" INTEGER NOT NULL,
    "shown" INTEGER NOT NULL,
    "clicked" INTEGER NOT NULL,
    "bought" INTEGER NOT NULL,
    "accepted" INTEGER NOT NULL,
    "rejected" INTEGER NOT NULL,
    "attributed_purchases" INTEGER NOT NULL,
    "attributed_revenue" DECIMAL(20,4) NOT NULL,
    "products_shown" INTEGER NOT NULL,
    "products_on_sale" INTEGER NOT NULL,

    CONSTRAINT "daily_kpi_pkey" PRIMARY KEY ("tenant_id","day")
);

-- CreateTable
CREATE TABLE "attribution_state" (
    "tenant_id" INTEGER NOT NULL,
    "recorded_until" TIMESTAMPTZ(3),
    "window_days" INTEGER,
    "time_zone" TEXT,
    "first_day" DATE,

    CONSTRAINT "attribution_state_pkey" PRIMARY KEY ("tenant_id")
);

-- CreateIndex
CREATE INDEX "attributed_purchase_tenant_id_day_idx" ON "attributed_purchase"("tenant_id", "day");

-- Events arrive about in the order of its moments: a few numbers for each megabyte find a week, and cost an insert nothing.
-- CreateIndex
CREATE INDEX "impression_shown_at_recorded_at_idx" ON "impression" USING BRIN ("shown_at", "recorded_at") WITH (autosummarize = on);

-- CreateIndex
CREATE INDEX "outcome_occurred_at_recorded_at_idx" ON "outcome" USING BRIN ("occurred_at", "recorded_at") WITH (autosummarize = on);

-- CreateIndex
CREATE INDEX "interaction_occurred_at_idx" ON "interaction" USING BRIN ("occurred_at") WITH (autosummarize = on);

-- ---------------------------------------------------------------------------------------------------
-- What the Prisma schema language cannot say.
-- ---------------------------------------------------------------------------------------------------

DO $$
DECLARE relation text;
BEGIN
  FOREACH relation IN ARRAY ARRAY['served_answers', 'attributed_purchase', 'daily_kpi', 'attribution_state'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', relation);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', relation);
    EXECUTE format(
      'CREATE POLICY tenant_rows ON %I TO nightshift_app
         USING (tenant_id = NULLIF(current_setting(''app.tenant_id'', true), '''')::integer)
         WITH CHECK (tenant_id = NULLIF(current_setting(''app.tenant_id'', true), '''')::integer)', relation);
    EXECUTE format('GRANT SELECT, INSERT ON %I TO nightshift_app', relation);
  END LOOP;
END $$;
-- Days are replaced as a whole.
GRANT DELETE ON attributed_purchase, daily_kpi TO nightshift_app;
GRANT UPDATE ON attribution_state TO nightshift_app;

-- A serving node adds to the counts of the tenant that it names. It needs to know whose day it is.
CREATE POLICY serving_count ON served_answers TO nightshift_serving
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::integer)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::integer);
GRANT SELECT (tenant_id, day, node_id, status, status_reason, answers, flush), INSERT ON served_answers TO nightshift_serving;
GRANT UPDATE (answers, flush, recorded_at) ON served_answers TO nightshift_serving;
GRANT SELECT (time_zone) ON tenant TO nightshift_serving;
