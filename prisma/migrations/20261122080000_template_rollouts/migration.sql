-- CreateEnum
CREATE TYPE "rollout_state" AS ENUM ('running', 'stopped', 'completed');

-- AlterTable
ALTER TABLE "run" ADD COLUMN "bytes" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN "cpu_seconds" DOUBLE PRECISION NOT NULL DEFAULT 0,
ADD COLUMN "customers" INTEGER,
ADD COLUMN "interactions" INTEGER,
ADD COLUMN "ndcg10" DOUBLE PRECISION,
ADD COLUMN "rmse" DOUBLE PRECISION;

-- CreateTable
CREATE TABLE "template_version" (
    "version" INTEGER NOT NULL,
    "settings" JSONB NOT NULL DEFAULT '{}',
    "note" TEXT NOT NULL,
    "registered_by" TEXT NOT NULL,
    "registered_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "template_version_pkey" PRIMARY KEY ("version")
);

-- CreateTable
CREATE TABLE "template_rollout" (
    "rollout_id" UUID NOT NULL,
    "template_version" INTEGER NOT NULL,
    "former_version" INTEGER NOT NULL,
    "state" "rollout_state" NOT NULL DEFAULT 'running',
    "seed" INTEGER NOT NULL,
    "shares" DOUBLE PRECISION[],
    "steps" JSONB NOT NULL,
    "thresholds" JSONB NOT NULL,
    "reason" TEXT NOT NULL,
    "started_by" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "looks" INTEGER NOT NULL DEFAULT 0,
    "judged_runs" INTEGER NOT NULL DEFAULT 0,
    "comparison" JSONB,
    "compared_at" TIMESTAMPTZ(3),

    CONSTRAINT "template_rollout_pkey" PRIMARY KEY ("rollout_id")
);

-- CreateTable
CREATE TABLE "template_rollout_event" (
    "rollout_id" UUID NOT NULL,
    "sequence" INTEGER NOT NULL,
    "action" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "detail" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "template_rollout_event_pkey" PRIMARY KEY ("rollout_id","sequence")
);

-- CreateTable
CREATE TABLE "fleet_audit_entry" (
    "sequence" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "content" TEXT NOT NULL,
    "previous_sha256" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,

    CONSTRAINT "fleet_audit_entry_pkey" PRIMARY KEY ("sequence")
);

-- CreateTable
CREATE TABLE "fleet_audit_head" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "sequence" BIGINT NOT NULL,
    "sha256" TEXT NOT NULL,

    CONSTRAINT "fleet_audit_head_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "run_finished_at_idx" ON "run"("finished_at");

-- CreateIndex
CREATE INDEX "lifecycle_change_changed_at_idx" ON "lifecycle_change"("changed_at");

-- ---------------------------------------------------------------------------------------------------
-- What the Prisma schema language cannot say.
-- ---------------------------------------------------------------------------------------------------

-- The first version is what the code ships with.
INSERT INTO template_version (version, note, registered_by) VALUES (1, 'As the platform comes.', 'the platform');

CREATE UNIQUE INDEX template_rollout_one_running ON template_rollout ((true)) WHERE state = 'running';
ALTER TABLE fleet_audit_head ADD CONSTRAINT fleet_audit_head_single CHECK (id = 1);

DO $$
DECLARE relation text;
BEGIN
  FOREACH relation IN ARRAY ARRAY[
    'template_version', 'template_rollout', 'template_rollout_event', 'fleet_audit_entry', 'fleet_audit_head']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', relation);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', relation);
    EXECUTE format('CREATE POLICY platform_rows ON %I TO nightshift_platform USING (true) WITH CHECK (true)', relation);
    EXECUTE format('GRANT SELECT, INSERT ON %I TO nightshift_platform', relation);
  END LOOP;
END $$;
GRANT UPDATE ON template_rollout, fleet_audit_head TO nightshift_platform;
-- A night reads what its version says.
CREATE POLICY night_rows ON template_version FOR SELECT TO nightshift_app USING (true);
GRANT SELECT ON template_version TO nightshift_app;

CREATE TRIGGER fleet_audit_entry_unchanged BEFORE UPDATE ON fleet_audit_entry
  FOR EACH ROW EXECUTE FUNCTION refuse_change_of_audit();

CREATE FUNCTION append_fleet_audit(action text, actor text, subject text, reason text, detail jsonb)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  number bigint;
  previous text;
  hashed text;
  moment timestamptz(3) := clock_timestamp();
  written text;
BEGIN
  INSERT INTO fleet_audit_head AS head (id, sequence, sha256) VALUES (1, 1, repeat('0', 64))
    ON CONFLICT (id) DO UPDATE SET sequence = head.sequence + 1
    RETURNING head.sequence, head.sha256 INTO number, previous;
  written := jsonb_build_object(
    'sequence', number, 'at', to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'action', action,
    'actor', actor, 'subject', subject, 'reason', reason, 'detail', detail)::text;
  hashed := encode(sha256(convert_to(previous || E'\n' || written, 'UTF8')), 'hex');
  INSERT INTO fleet_audit_entry (sequence, at, content, previous_sha256, sha256)
    VALUES (number, moment, written, previous, hashed);
  UPDATE fleet_audit_head SET sha256 = hashed WHERE id = 1;
END $$;

CREATE FUNCTION audit_fleet_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  CASE TG_TABLE_NAME
  WHEN 'template_version' THEN
    PERFORM append_fleet_audit('template.registered', NEW.registered_by, NEW.version::text, NEW.note, NEW.settings);
  WHEN 'template_rollout_event' THEN
    PERFORM append_fleet_audit('rollout.' || NEW.action, NEW.actor, NEW.rollout_id::text, NEW.reason, NEW.detail);
  END CASE;
  RETURN NULL;
END $$;
CREATE TRIGGER audit AFTER INSERT ON template_version FOR EACH ROW EXECUTE FUNCTION audit_fleet_change();
CREATE TRIGGER audit AFTER INSERT ON template_rollout_event FOR EACH ROW EXECUTE FUNCTION audit_fleet_change();

-- The tenant's own trail says by which version its nights go.
CREATE FUNCTION audit_template() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM append_audit(NEW.id, 'template.changed', NULL, NEW.template_version::text, NULL,
    jsonb_build_object('from', OLD.template_version, 'to', NEW.template_version));
  RETURN NULL;
END $$;
CREATE TRIGGER audit_template AFTER UPDATE OF template_version ON tenant FOR EACH ROW
  WHEN (OLD.template_version <> NEW.template_version) EXECUTE FUNCTION audit_template();

-- What a night came to, in its own row, so that thousands can be looked at together. The lane that promoted names what
-- serves now; where none did, the reference still serves.
CREATE FUNCTION summarise_run() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE served jsonb;
BEGIN
  IF NEW.outcome IN ('promoted', 'kept') THEN
    SELECT v.numbers #> ARRAY['evidence', CASE WHEN v.promoted THEN 'challenger' ELSE 'reference' END] INTO served
      FROM verdict v WHERE v.tenant_id = NEW.tenant_id AND v.run_id = NEW.run_id ORDER BY v.promoted DESC, v.lane LIMIT 1;
    NEW.ndcg10 := (served ->> 'ndcg10')::double precision;
    NEW.rmse := (served ->> 'rmse')::double precision;
  END IF;
  SELECT (s.output ->> 'interactions')::integer, (s.output ->> 'customers')::integer INTO NEW.interactions, NEW.customers
    FROM run_stage s WHERE s.tenant_id = NEW.tenant_id AND s.run_id = NEW.run_id AND s.stage = 'snapshot';
  SELECT COALESCE(sum((each ->> 'bytes')::bigint), 0) INTO NEW.bytes
    FROM run_stage s CROSS JOIN LATERAL (
      SELECT s.output WHERE s.stage = 'rank'
      UNION ALL SELECT model.value FROM jsonb_each(s.output -> 'models') AS model WHERE s.stage = 'train') AS file (each)
   WHERE s.tenant_id = NEW.tenant_id AND s.run_id = NEW.run_id AND s.stage IN ('rank', 'train');
  RETURN NEW;
END $$;
CREATE TRIGGER summarise BEFORE UPDATE ON run FOR EACH ROW
  WHEN (OLD.active AND NEW.active IS NULL) EXECUTE FUNCTION summarise_run();
