-- AlterTable
ALTER TABLE "run_stage" ADD COLUMN     "log" JSONB NOT NULL DEFAULT '[]';
