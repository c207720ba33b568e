-- AlterTable
ALTER TABLE "tenant" ADD COLUMN     "schedule_changed_at" TIMESTAMPTZ(3),
ADD COLUMN     "settings_version" INTEGER NOT NULL DEFAULT 0;


-- ---------------------------------------------------------------------------------------------------
-- What the Prisma schema language cannot say.
-- ---------------------------------------------------------------------------------------------------

-- Whoever changes them: two people who edit at a time see each other by the number, and the planner sees since when the night
-- begins at its hour.
CREATE FUNCTION number_settings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.settings_version := OLD.settings_version + 1;
  IF OLD.time_zone <> NEW.time_zone
     OR OLD.settings -> 'nightStartsAtHour' IS DISTINCT FROM NEW.settings -> 'nightStartsAtHour' THEN
    NEW.schedule_changed_at := clock_timestamp();
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER number_settings BEFORE UPDATE OF settings, time_zone ON tenant FOR EACH ROW
  WHEN (OLD.settings IS DISTINCT FROM NEW.settings OR OLD.time_zone <> NEW.time_zone)
  EXECUTE FUNCTION number_settings();

GRANT UPDATE (time_zone) ON tenant TO nightshift_app;

-- As before, with the reason that the transaction names (app.reason).
CREATE FUNCTION audit_settings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM append_audit(NEW.id, 'settings.changed', NULL, NULL, NULLIF(current_setting('app.reason', true), ''),
    jsonb_build_object('before', jsonb_build_object('name', OLD.name, 'timeZone', OLD.time_zone,
      'requestsPerDay', OLD.requests_per_day, 'settings', OLD.settings),
                       'after', jsonb_build_object('name', NEW.name, 'timeZone', NEW.time_zone,
      'requestsPerDay', NEW.requests_per_day, 'settings', NEW.settings)));
  RETURN NULL;
END $$;
DROP TRIGGER audit ON tenant;
CREATE TRIGGER audit AFTER UPDATE ON tenant FOR EACH ROW
  WHEN (OLD.settings IS DISTINCT FROM NEW.settings OR OLD.name <> NEW.name OR OLD.time_zone <> NEW.time_zone
        OR OLD.requests_per_day IS DISTINCT FROM NEW.requests_per_day)
  EXECUTE FUNCTION audit_settings();
