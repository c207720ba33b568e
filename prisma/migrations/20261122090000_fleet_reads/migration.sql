-- CreateIndex
CREATE INDEX "run_created_at_run_id_idx" ON "run"("created_at", "run_id");

-- CreateIndex
CREATE INDEX "run_status_created_at_run_id_idx" ON "run"("status", "created_at", "run_id");

-- CreateIndex
CREATE INDEX "run_night_cpu_seconds_bytes_idx" ON "run"("night", "cpu_seconds", "bytes");

-- ---------------------------------------------------------------------------------------------------
-- What the Prisma schema language cannot say.
-- ---------------------------------------------------------------------------------------------------

-- Late runs are few among all nights; which of these are late by now, a query says.
CREATE INDEX "run_perhaps_late" ON "run" ("created_at", "run_id")
  WHERE "deadline" IS NOT NULL AND ("status" <> 'succeeded' OR "finished_at" > "deadline");
