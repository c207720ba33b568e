-- CreateTable
CREATE TABLE "bulk_action" (
    "token_sha256" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "filter" JSONB NOT NULL,
    "tenants" INTEGER NOT NULL,
    "tenants_sha256" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "reason" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "executed_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "result" JSONB,

    CONSTRAINT "bulk_action_pkey" PRIMARY KEY ("token_sha256")
);

-- CreateTable
CREATE TABLE "fleet_alert_change" (
    "sequence" SERIAL NOT NULL,
    "freezes_per_week" DOUBLE PRECISION NOT NULL,
    "turn_offs_per_week" DOUBLE PRECISION NOT NULL,
    "reason" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "fleet_alert_change_pkey" PRIMARY KEY ("sequence")
);

-- ---------------------------------------------------------------------------------------------------
-- What the Prisma schema language cannot say.
-- ---------------------------------------------------------------------------------------------------

INSERT INTO fleet_alert_change (freezes_per_week, turn_offs_per_week, reason, actor)
  VALUES (0.02, 0.01, 'As the platform comes.', 'the platform');

DO $$
DECLARE relation text;
BEGIN
  FOREACH relation IN ARRAY ARRAY['bulk_action', 'fleet_alert_change'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', relation);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', relation);
    EXECUTE format('CREATE POLICY platform_rows ON %I TO nightshift_platform USING (true) WITH CHECK (true)', relation);
    EXECUTE format('GRANT SELECT, INSERT ON %I TO nightshift_platform', relation);
  END LOOP;
END $$;
GRANT UPDATE (reason, executed_at, finished_at, result) ON bulk_action TO nightshift_platform;
GRANT USAGE ON SEQUENCE fleet_alert_change_sequence_seq TO nightshift_platform;

-- How much of its quota a tenant has used is a number, not its data.
CREATE POLICY platform_rows ON tenant_requests FOR SELECT TO nightshift_platform USING (true);
GRANT SELECT (tenant_id, day, requests) ON tenant_requests TO nightshift_platform;

CREATE OR REPLACE FUNCTION audit_fleet_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  CASE TG_TABLE_NAME
  WHEN 'template_version' THEN
    PERFORM append_fleet_audit('template.registered', NEW.registered_by, NEW.version::text, NEW.note, NEW.settings);
  WHEN 'template_rollout_event' THEN
    PERFORM append_fleet_audit('rollout.' || NEW.action, NEW.actor, NEW.rollout_id::text, NEW.reason, NEW.detail);
  WHEN 'bulk_action' THEN
    PERFORM append_fleet_audit('bulk.' || NEW.action, NEW.actor, NULL, NEW.reason,
      jsonb_build_object('filter', NEW.filter, 'tenants', NEW.tenants));
  WHEN 'fleet_alert_change' THEN
    PERFORM append_fleet_audit('alerts.changed', NEW.actor, NULL, NEW.reason,
      jsonb_build_object('freezesPerWeek', NEW.freezes_per_week, 'turnOffsPerWeek', NEW.turn_offs_per_week));
  END CASE;
  RETURN NULL;
END $$;
-- When it begins: what breaks off has begun all the same.
CREATE TRIGGER audit AFTER UPDATE ON bulk_action FOR EACH ROW
  WHEN (OLD.executed_at IS NULL AND NEW.executed_at IS NOT NULL) EXECUTE FUNCTION audit_fleet_change();
CREATE TRIGGER audit AFTER INSERT ON fleet_alert_change FOR EACH ROW EXECUTE FUNCTION audit_fleet_change();
