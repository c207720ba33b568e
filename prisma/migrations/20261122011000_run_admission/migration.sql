-- DropIndex
DROP INDEX "run_tenant_id_active_key";

-- AlterTable
ALTER TABLE "run" ADD COLUMN "trigger" "run_trigger" NOT NULL DEFAULT 'person',
ADD COLUMN "deadline" TIMESTAMPTZ(3);
UPDATE "run" SET "trigger" = 'clock' WHERE "kind" = 'nightly';

-- CreateIndex
CREATE INDEX "run_admitted_at_idx" ON "run"("admitted_at");

-- ---------------------------------------------------------------------------------------------------
-- What the Prisma schema language cannot say.
-- ---------------------------------------------------------------------------------------------------

-- One unfinished run of a tenant that a request by hand would join; runs for past nights wait beside it.
CREATE UNIQUE INDEX "run_one_unfinished" ON "run" ("tenant_id") WHERE "active" AND "kind" <> 'backfill';
-- One run of a tenant is at work at a time, whoever admits it.
CREATE UNIQUE INDEX "run_one_at_work" ON "run" ("tenant_id") WHERE "status" IN ('admitted', 'running');
-- One unfinished run for each past night.
CREATE UNIQUE INDEX "run_one_backfill" ON "run" ("tenant_id", "night") WHERE "active" AND "kind" = 'backfill';
