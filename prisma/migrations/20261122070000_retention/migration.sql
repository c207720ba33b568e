-- AlterTable
ALTER TABLE "attribution_state" ADD COLUMN "feedback_pruned_before" DATE;

-- CreateTable
CREATE TABLE "maintenance_run" (
    "day" DATE NOT NULL,
    "attempt" INTEGER NOT NULL DEFAULT 1,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lease_until" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),
    "pruned" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "maintenance_run_pkey" PRIMARY KEY ("day")
);

-- ---------------------------------------------------------------------------------------------------
-- What the Prisma schema language cannot say.
-- ---------------------------------------------------------------------------------------------------

ALTER TABLE maintenance_run ENABLE ROW LEVEL SECURITY;
ALTER TABLE maintenance_run FORCE ROW LEVEL SECURITY;
CREATE POLICY platform_rows ON maintenance_run TO nightshift_platform USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON maintenance_run TO nightshift_platform;

-- Of sessions the platform sees those that are over, and when; to remove them.
CREATE POLICY platform_expired ON session FOR SELECT TO nightshift_platform USING (expires_at < now());
CREATE POLICY platform_removes ON session FOR DELETE TO nightshift_platform USING (expires_at < now());
GRANT SELECT (expires_at), DELETE ON session TO nightshift_platform;
