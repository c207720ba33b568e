-- CreateEnum
CREATE TYPE "member_role" AS ENUM ('admin', 'analyst');

-- CreateTable
CREATE TABLE "account" (
    "account_id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "password_hash" TEXT,
    "issuer" TEXT,
    "subject" TEXT,
    "is_operator" BOOLEAN NOT NULL DEFAULT false,
    "failed_sign_ins" INTEGER NOT NULL DEFAULT 0,
    "locked_until" TIMESTAMPTZ(3),
    "disabled_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "account_pkey" PRIMARY KEY ("account_id")
);

-- CreateTable
CREATE TABLE "session" (
    "token_sha256" TEXT NOT NULL,
    "account_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "session_pkey" PRIMARY KEY ("token_sha256")
);

-- CreateTable
CREATE TABLE "member" (
    "tenant_id" INTEGER NOT NULL,
    "account_id" UUID NOT NULL,
    "role" "member_role" NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "member_pkey" PRIMARY KEY ("tenant_id","account_id")
);

-- CreateTable
CREATE TABLE "invitation" (
    "tenant_id" INTEGER NOT NULL,
    "invitation_id" UUID NOT NULL,
    "token_sha256" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "role" "member_role" NOT NULL,
    "invited_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "accepted_at" TIMESTAMPTZ(3),
    "withdrawn_at" TIMESTAMPTZ(3),

    CONSTRAINT "invitation_pkey" PRIMARY KEY ("tenant_id","invitation_id")
);

-- CreateTable
CREATE TABLE "operator_visit" (
    "tenant_id" INTEGER NOT NULL,
    "visit_id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "operator" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "until" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "operator_visit_pkey" PRIMARY KEY ("tenant_id","visit_id")
);

-- CreateTable
CREATE TABLE "audit_entry" (
    "tenant_id" INTEGER NOT NULL,
    "sequence" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "content" TEXT NOT NULL,
    "previous_sha256" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,

    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("tenant_id","sequence")
);

-- CreateTable
CREATE TABLE "audit_head" (
    "tenant_id" INTEGER NOT NULL,
    "sequence" BIGINT NOT NULL,
    "sha256" TEXT NOT NULL,

    CONSTRAINT "audit_head_pkey" PRIMARY KEY ("tenant_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "account_email_key" ON "account"("email");

-- CreateIndex
CREATE UNIQUE INDEX "account_issuer_subject_key" ON "account"("issuer", "subject");

-- CreateIndex
CREATE INDEX "session_account_id_idx" ON "session"("account_id");

-- CreateIndex
CREATE INDEX "session_expires_at_idx" ON "session"("expires_at");

-- CreateIndex
CREATE INDEX "member_account_id_idx" ON "member"("account_id");

-- CreateIndex
CREATE UNIQUE INDEX "invitation_token_sha256_key" ON "invitation"("token_sha256");

-- CreateIndex
CREATE INDEX "operator_visit_account_id_idx" ON "operator_visit"("account_id");



-- ---------------------------------------------------------------------------------------------------
-- What the Prisma schema language cannot say.
-- ---------------------------------------------------------------------------------------------------

--   nightshift_accounts  who may sign in and where they belong; of tenants only what they are called
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'nightshift_accounts') THEN
    CREATE ROLE nightshift_accounts NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; -- another database of this cluster was faster
END $$;
GRANT USAGE ON SCHEMA public TO nightshift_accounts;

DO $$
DECLARE relation text;
BEGIN
  FOREACH relation IN ARRAY ARRAY['account', 'session', 'member', 'invitation', 'operator_visit', 'audit_entry', 'audit_head']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', relation);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', relation);
  END LOOP;
  -- A session comes in before its tenant is known; people belong to several tenants.
  FOREACH relation IN ARRAY ARRAY['account', 'session', 'member', 'invitation', 'operator_visit'] LOOP
    EXECUTE format('CREATE POLICY accounts_rows ON %I TO nightshift_accounts USING (true) WITH CHECK (true)', relation);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO nightshift_accounts', relation);
  END LOOP;
  FOREACH relation IN ARRAY ARRAY['member', 'invitation', 'operator_visit', 'audit_entry', 'audit_head'] LOOP
    EXECUTE format(
      'CREATE POLICY tenant_rows ON %I TO nightshift_app
         USING (tenant_id = NULLIF(current_setting(''app.tenant_id'', true), '''')::integer)
         WITH CHECK (tenant_id = NULLIF(current_setting(''app.tenant_id'', true), '''')::integer)', relation);
  END LOOP;
  -- A tenant that is erased takes its people and its trail along.
  FOREACH relation IN ARRAY ARRAY['member', 'invitation', 'operator_visit', 'audit_entry', 'audit_head'] LOOP
    EXECUTE format(
      'CREATE POLICY eraser_rows ON %I TO nightshift_eraser
         USING (tenant_id = NULLIF(current_setting(''app.tenant_id'', true), '''')::integer)
         WITH CHECK (tenant_id = NULLIF(current_setting(''app.tenant_id'', true), '''')::integer)', relation);
    EXECUTE format('GRANT SELECT, DELETE ON %I TO nightshift_eraser', relation);
  END LOOP;
  -- Whoever changes something adds to the chain, in the same transaction.
  FOREACH relation IN ARRAY ARRAY['audit_entry', 'audit_head'] LOOP
    EXECUTE format('CREATE POLICY platform_rows ON %I TO nightshift_platform USING (true) WITH CHECK (true)', relation);
    EXECUTE format('CREATE POLICY accounts_rows ON %I TO nightshift_accounts USING (true) WITH CHECK (true)', relation);
  END LOOP;
END $$;
-- Tenants read who belongs to them; of an invitation not what opens it.
GRANT SELECT ON member, operator_visit TO nightshift_app;
GRANT SELECT (tenant_id, invitation_id, email, role, invited_by, created_at, expires_at, accepted_at, withdrawn_at)
  ON invitation TO nightshift_app;
GRANT DELETE ON session, member TO nightshift_accounts;
-- The end of the chain tells nothing of what is in it.
GRANT INSERT ON audit_entry TO nightshift_app, nightshift_platform, nightshift_accounts;
GRANT SELECT ON audit_entry TO nightshift_app;
GRANT SELECT, INSERT, UPDATE ON audit_head TO nightshift_app, nightshift_platform, nightshift_accounts;

CREATE POLICY accounts_names ON tenant FOR SELECT TO nightshift_accounts USING (true);
GRANT SELECT (id, slug, name) ON tenant TO nightshift_accounts;

-- An entry is never changed, by nobody; the roles of the programs have no DELETE either.
CREATE FUNCTION refuse_change_of_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'an entry of the audit trail is never changed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER audit_entry_unchanged BEFORE UPDATE ON audit_entry
  FOR EACH ROW EXECUTE FUNCTION refuse_change_of_audit();

-- The actor is what the transaction names (app.actor) where the changed row does not say it itself.
CREATE FUNCTION append_audit(tenant integer, action text, actor text, subject text, reason text, detail jsonb)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  number bigint;
  previous text;
  hashed text;
  moment timestamptz(3) := clock_timestamp();
  written text;
BEGIN
  INSERT INTO audit_head AS head (tenant_id, sequence, sha256) VALUES (tenant, 1, repeat('0', 64))
    ON CONFLICT (tenant_id) DO UPDATE SET sequence = head.sequence + 1
    RETURNING head.sequence, head.sha256 INTO number, previous;
  written := jsonb_build_object(
    'sequence', number, 'at', to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'action', action,
    'actor', COALESCE(actor, NULLIF(current_setting('app.actor', true), ''), 'the platform'),
    'subject', subject, 'reason', reason, 'detail', detail)::text;
  hashed := encode(sha256(convert_to(previous || E'\n' || written, 'UTF8')), 'hex');
  INSERT INTO audit_entry (tenant_id, sequence, at, content, previous_sha256, sha256)
    VALUES (tenant, number, moment, written, previous, hashed);
  UPDATE audit_head SET sha256 = hashed WHERE tenant_id = tenant;
END $$;

-- One trigger function: the table says what has happened. Values of a tenant's data never get into the trail, ids of
-- customers least of all: a trail cannot forget.
CREATE FUNCTION audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  CASE TG_TABLE_NAME
  WHEN 'lifecycle_change' THEN
    PERFORM append_audit(NEW.tenant_id, 'lifecycle.changed', NEW.actor, NULL, NEW.reason,
      jsonb_build_object('from', NEW.from_state, 'to', NEW.to_state));
  WHEN 'registry_change' THEN
    PERFORM append_audit(NEW.tenant_id, 'model.promotedByHand', NEW.actor, NEW.to_version::text, NEW.reason,
      jsonb_build_object('from', NEW.from_version, 'to', NEW.to_version));
  WHEN 'verdict' THEN
    PERFORM append_audit(NEW.tenant_id, 'model.promoted', 'the night', NEW.challenger_version::text, NEW.sentence,
      jsonb_build_object('from', NEW.champion_version, 'to', NEW.challenger_version, 'lane', NEW.lane));
  WHEN 'offering_change' THEN
    PERFORM append_audit(NEW.tenant_id, NEW.kind::text || '.changed', NEW.actor, NULL, NEW.reason,
      jsonb_build_object('version', NEW.version));
  WHEN 'availability_change' THEN
    PERFORM append_audit(NEW.tenant_id, 'product.availabilityChanged', NEW.actor, NEW.product_id, NEW.reason,
      jsonb_build_object('hidden', NEW.hidden, 'availableFrom', NEW.available_from, 'retiredAt', NEW.retired_at));
  WHEN 'api_key' THEN
    PERFORM append_audit(NEW.tenant_id,
      CASE WHEN TG_OP = 'INSERT' THEN 'key.created' WHEN NEW.revoked_at IS NOT NULL THEN 'key.revoked'
           ELSE 'key.expiryChanged' END,
      NULL, NEW.key_id, NULL,
      jsonb_build_object('name', NEW.name, 'scopes', NEW.scopes, 'expiresAt', NEW.expires_at));
  WHEN 'import' THEN
    PERFORM append_audit(NEW.tenant_id, 'data.' || NEW.status, NEW.requested_by, NEW.import_id::text, NULL,
      jsonb_build_object('entity', NEW.entity, 'read', NEW.read, 'accepted', NEW.accepted,
                         'alreadyKnown', NEW.already_known, 'rejected', NEW.rejected));
  WHEN 'run' THEN
    PERFORM append_audit(NEW.tenant_id, 'run.requested', NEW.requested_by, NEW.run_id::text, NEW.reason,
      jsonb_build_object('kind', NEW.kind));
  WHEN 'list_export' THEN
    PERFORM append_audit(NEW.tenant_id, 'export.requested', NEW.requested_by, NEW.export_id::text, NULL, NEW.options);
  WHEN 'tenant' THEN
    PERFORM append_audit(NEW.id, 'settings.changed', NULL, NULL, NULL,
      jsonb_build_object('before', jsonb_build_object('name', OLD.name, 'timeZone', OLD.time_zone,
        'requestsPerDay', OLD.requests_per_day, 'settings', OLD.settings),
                         'after', jsonb_build_object('name', NEW.name, 'timeZone', NEW.time_zone,
        'requestsPerDay', NEW.requests_per_day, 'settings', NEW.settings)));
  WHEN 'invitation' THEN
    PERFORM append_audit(NEW.tenant_id,
      CASE WHEN TG_OP = 'INSERT' THEN 'member.invited' ELSE 'member.invitationWithdrawn' END,
      CASE WHEN TG_OP = 'INSERT' THEN NEW.invited_by END, NEW.email, NULL, jsonb_build_object('role', NEW.role));
  WHEN 'operator_visit' THEN
    PERFORM append_audit(NEW.tenant_id, CASE WHEN TG_OP = 'INSERT' THEN 'operator.entered' ELSE 'operator.left' END,
      NEW.operator, NEW.visit_id::text, NEW.reason, jsonb_build_object('until', NEW.until));
  WHEN 'member' THEN
    IF TG_OP = 'DELETE' THEN
      PERFORM append_audit(OLD.tenant_id, 'member.removed', NULL, OLD.account_id::text, NULL,
        jsonb_build_object('role', OLD.role));
    ELSE
      PERFORM append_audit(NEW.tenant_id, CASE WHEN TG_OP = 'INSERT' THEN 'member.joined' ELSE 'member.roleChanged' END,
        NULL, NEW.account_id::text, NULL, jsonb_build_object('role', NEW.role));
    END IF;
  END CASE;
  RETURN NULL;
END $$;

CREATE TRIGGER audit AFTER INSERT ON lifecycle_change FOR EACH ROW EXECUTE FUNCTION audit_change();
CREATE TRIGGER audit AFTER INSERT ON registry_change FOR EACH ROW EXECUTE FUNCTION audit_change();
CREATE TRIGGER audit AFTER INSERT ON verdict FOR EACH ROW WHEN (NEW.promoted) EXECUTE FUNCTION audit_change();
CREATE TRIGGER audit AFTER INSERT ON offering_change FOR EACH ROW EXECUTE FUNCTION audit_change();
CREATE TRIGGER audit AFTER INSERT ON availability_change FOR EACH ROW EXECUTE FUNCTION audit_change();
CREATE TRIGGER audit AFTER INSERT ON api_key FOR EACH ROW EXECUTE FUNCTION audit_change();
CREATE TRIGGER audit_update AFTER UPDATE ON api_key FOR EACH ROW
  WHEN (OLD.revoked_at IS DISTINCT FROM NEW.revoked_at OR OLD.expires_at IS DISTINCT FROM NEW.expires_at)
  EXECUTE FUNCTION audit_change();
CREATE TRIGGER audit AFTER UPDATE ON import FOR EACH ROW
  WHEN (OLD.finished_at IS NULL AND NEW.finished_at IS NOT NULL) EXECUTE FUNCTION audit_change();
CREATE TRIGGER audit AFTER INSERT ON run FOR EACH ROW WHEN (NEW.kind <> 'nightly') EXECUTE FUNCTION audit_change();
CREATE TRIGGER audit AFTER INSERT ON list_export FOR EACH ROW EXECUTE FUNCTION audit_change();
CREATE TRIGGER audit AFTER UPDATE ON tenant FOR EACH ROW
  WHEN (OLD.settings IS DISTINCT FROM NEW.settings OR OLD.name <> NEW.name OR OLD.time_zone <> NEW.time_zone
        OR OLD.requests_per_day IS DISTINCT FROM NEW.requests_per_day)
  EXECUTE FUNCTION audit_change();
CREATE TRIGGER audit AFTER INSERT ON invitation FOR EACH ROW EXECUTE FUNCTION audit_change();
CREATE TRIGGER audit_update AFTER UPDATE ON invitation FOR EACH ROW
  WHEN (OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL) EXECUTE FUNCTION audit_change();
CREATE TRIGGER audit AFTER INSERT ON operator_visit FOR EACH ROW EXECUTE FUNCTION audit_change();
CREATE TRIGGER audit_update AFTER UPDATE ON operator_visit FOR EACH ROW
  WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL) EXECUTE FUNCTION audit_change();
CREATE TRIGGER audit AFTER INSERT OR UPDATE ON member FOR EACH ROW EXECUTE FUNCTION audit_change();
-- Not for a tenant that is erased: its trail goes as well.
CREATE TRIGGER audit_delete AFTER DELETE ON member FOR EACH ROW
  WHEN (current_user <> 'nightshift_eraser') EXECUTE FUNCTION audit_change();
