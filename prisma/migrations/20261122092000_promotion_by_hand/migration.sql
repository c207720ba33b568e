-- AlterTable
ALTER TABLE "run" ADD COLUMN     "promotes_version" INTEGER;


-- ---------------------------------------------------------------------------------------------------
-- What the Prisma schema language cannot say.
-- ---------------------------------------------------------------------------------------------------

-- The trail says which version is to be promoted; that it was is told by the registry's own change.
CREATE FUNCTION audit_promotion_request() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM append_audit(NEW.tenant_id, 'model.promotionRequested', NEW.requested_by, NEW.promotes_version::text, NEW.reason,
    jsonb_build_object('runId', NEW.run_id));
  RETURN NULL;
END $$;
DROP TRIGGER audit ON run;
CREATE TRIGGER audit AFTER INSERT ON run FOR EACH ROW WHEN (NEW.kind <> 'nightly' AND NEW.promotes_version IS NULL)
  EXECUTE FUNCTION audit_change();
CREATE TRIGGER audit_promotion AFTER INSERT ON run FOR EACH ROW WHEN (NEW.promotes_version IS NOT NULL)
  EXECUTE FUNCTION audit_promotion_request();
