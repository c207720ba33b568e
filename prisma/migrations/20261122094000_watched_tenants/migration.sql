-- CreateTable
CREATE TABLE "watched_tenant" (
    "tenant_id" INTEGER NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "watched_tenant_pkey" PRIMARY KEY ("tenant_id")
);


-- ---------------------------------------------------------------------------------------------------
-- What the Prisma schema language cannot say.
-- ---------------------------------------------------------------------------------------------------

ALTER TABLE watched_tenant ENABLE ROW LEVEL SECURITY;
ALTER TABLE watched_tenant FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_rows ON watched_tenant TO nightshift_app
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::integer)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::integer);
CREATE POLICY eraser_rows ON watched_tenant TO nightshift_eraser
  USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::integer)
  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::integer);
-- Whoever plans nights and creates tenants writes rows that people watch.
CREATE POLICY platform_rows ON watched_tenant FOR SELECT TO nightshift_platform USING (true);
GRANT SELECT, INSERT, UPDATE ON watched_tenant TO nightshift_app;
GRANT SELECT (tenant_id, until) ON watched_tenant TO nightshift_platform;
GRANT SELECT, DELETE ON watched_tenant TO nightshift_eraser;

-- Says that something of a tenant has changed, and of what kind; nothing of what it is. Only where somebody looks: a commit that
-- notifies waits for every other one that does, and four thousand nights must not.
CREATE FUNCTION tell_watchers() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE tenant integer;
BEGIN
  tenant := CASE WHEN TG_TABLE_NAME = 'tenant' THEN (to_jsonb(NEW) ->> 'id')::integer
                 ELSE (to_jsonb(NEW) ->> 'tenant_id')::integer END;
  IF EXISTS (SELECT FROM watched_tenant WHERE tenant_id = tenant AND until > now()) THEN
    PERFORM pg_notify('tenant_changed', tenant || ' ' || TG_ARGV[0]);
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER tell_insert AFTER INSERT ON run FOR EACH ROW EXECUTE FUNCTION tell_watchers('run');
CREATE TRIGGER tell_update AFTER UPDATE OF status ON run FOR EACH ROW
  WHEN (OLD.status <> NEW.status) EXECUTE FUNCTION tell_watchers('run');
CREATE TRIGGER tell_insert AFTER INSERT ON run_stage FOR EACH ROW EXECUTE FUNCTION tell_watchers('run');
CREATE TRIGGER tell_update AFTER UPDATE ON run_stage FOR EACH ROW
  WHEN (OLD.status <> NEW.status OR OLD.progress <> NEW.progress OR OLD.log <> NEW.log)
  EXECUTE FUNCTION tell_watchers('run');
CREATE TRIGGER tell AFTER INSERT ON verdict FOR EACH ROW EXECUTE FUNCTION tell_watchers('verdict');
CREATE TRIGGER tell AFTER INSERT ON lifecycle_change FOR EACH ROW EXECUTE FUNCTION tell_watchers('state');
CREATE TRIGGER tell AFTER INSERT OR UPDATE ON serving_pointer FOR EACH ROW EXECUTE FUNCTION tell_watchers('model');
CREATE TRIGGER tell AFTER INSERT ON offering_change FOR EACH ROW EXECUTE FUNCTION tell_watchers('rules');
CREATE TRIGGER tell AFTER INSERT OR UPDATE ON import FOR EACH ROW EXECUTE FUNCTION tell_watchers('import');
CREATE TRIGGER tell AFTER UPDATE ON tenant FOR EACH ROW
  WHEN (OLD.settings_version <> NEW.settings_version) EXECUTE FUNCTION tell_watchers('settings');
