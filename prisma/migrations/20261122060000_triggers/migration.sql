-- AlterTable
ALTER TABLE "run" ADD COLUMN "figures" JSONB;

-- CreateIndex
CREATE INDEX "run_deadline_idx" ON "run"("deadline");
