-- New values of an enum cannot be used in the transaction that adds them: the next migration does.
ALTER TYPE "run_kind" ADD VALUE 'triggered';
ALTER TYPE "run_kind" ADD VALUE 'backfill';

-- CreateEnum
CREATE TYPE "run_trigger" AS ENUM ('clock', 'volume', 'degradation', 'drift', 'person');
