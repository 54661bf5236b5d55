-- A right that ends, ends for good and for everything that is under way by it: sessions, sign-ins, batches and jobs.

-- Grows when an account is shut out or gets another password. A sign-in that was begun before comes to nothing, however
-- soon the account is let in again.
ALTER TABLE users ADD COLUMN epoch bigint NOT NULL DEFAULT 0;

CREATE FUNCTION begin_epoch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.epoch := OLD.epoch + 1;
    RETURN NEW;
END
$$;
CREATE TRIGGER begin_epoch BEFORE UPDATE ON users FOR EACH ROW
    WHEN (
        (OLD.disabled_at IS NULL AND NEW.disabled_at IS NOT NULL)
        OR OLD.password_hash IS DISTINCT FROM NEW.password_hash)
    EXECUTE FUNCTION begin_epoch();

-- A statement of its own, so that it sees sessions whose opening the change of the account has waited for.
CREATE FUNCTION end_sessions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE sessions SET revoked_at = now() WHERE user_id = NEW.id AND revoked_at IS NULL;
    RETURN NULL;
END
$$;
CREATE TRIGGER end_sessions AFTER UPDATE ON users FOR EACH ROW
    WHEN (OLD.epoch <> NEW.epoch) EXECUTE FUNCTION end_sessions();

UPDATE sessions SET revoked_at = now()
WHERE revoked_at IS NULL AND user_id IN (SELECT id FROM users WHERE disabled_at IS NOT NULL);

ALTER TABLE jobs
    -- Who asked for it over HTTP, as the audit log names them; NULL is a schedule, a command or an older server.
    ADD COLUMN requester        text CHECK (requester ~ '^(user|key) [a-z0-9]'),
    -- Why it was cancelled, where that was not asked for.
    ADD COLUMN cancel_reason    text;
CREATE INDEX idx_jobs_requested ON jobs (id) WHERE requester IS NOT NULL AND state IN ('queued', 'running');

COMMENT ON COLUMN jobs.key IS
    'of a request: "request", who asked, method and path, and their key; of a schedule: its name and due time';
COMMENT ON COLUMN ingest_batches.idempotency_key IS 'who sent it, and their key';

-- Whether somebody has a role and may see a dataset (any, where it is NULL), as Principal.mayRead decides it.
CREATE FUNCTION may_use(who text, needed user_role, slug text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT CASE split_part(who, ' ', 1)
        WHEN 'user' THEN EXISTS (
            SELECT FROM users u
            WHERE u.username = split_part(who, ' ', 2) AND u.disabled_at IS NULL AND u.role <= needed
                AND (
                    slug IS NULL OR u.role = 'admin'
                    OR EXISTS (SELECT FROM datasets d WHERE d.slug = may_use.slug AND d.visibility = 'public')
                    OR EXISTS (SELECT FROM dataset_grants g WHERE g.user_id = u.id AND g.dataset = may_use.slug)))
        WHEN 'key' THEN EXISTS (
            SELECT FROM api_keys k
            WHERE k.name = split_part(who, ' ', 2) AND k.revoked_at IS NULL
                AND (k.expires_at IS NULL OR k.expires_at > clock_timestamp()) AND k.role <= needed
                AND (
                    slug IS NULL OR slug = ANY (k.datasets)
                    OR k.datasets IS NULL AND (
                        k.role = 'admin'
                        OR EXISTS (SELECT FROM datasets d WHERE d.slug = may_use.slug AND d.visibility = 'public'))))
        ELSE false
    END
$$;

-- Whether the session or the key still lets its owner write to a dataset. If so it stays that way until the transaction
-- ends: whoever would take the right away waits for that.
CREATE FUNCTION hold_right(of_session bigint, of_key bytea, slug text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    who text;
BEGIN
    -- What is locked first is read after, as it is then.
    PERFORM FROM users WHERE id = (SELECT user_id FROM sessions WHERE id = of_session) FOR SHARE;
    PERFORM FROM sessions WHERE id = of_session FOR SHARE;
    PERFORM FROM api_keys WHERE hash = of_key FOR SHARE;
    PERFORM FROM datasets d WHERE d.slug = hold_right.slug FOR SHARE;
    PERFORM FROM dataset_grants g
    WHERE g.dataset = hold_right.slug AND g.user_id = (SELECT user_id FROM sessions WHERE id = of_session) FOR SHARE;
    IF of_key IS NULL THEN
        SELECT 'user ' || u.username INTO who FROM sessions s JOIN users u ON u.id = s.user_id
        WHERE s.id = of_session AND s.revoked_at IS NULL AND s.expires_at > clock_timestamp();
    ELSE
        SELECT 'key ' || name INTO who FROM api_keys WHERE hash = of_key;
    END IF;
    RETURN coalesce(may_use(who, 'analyst', slug), false);
END
$$;

-- Whether who asked for a job may still have it done.
CREATE FUNCTION job_is_allowed(job jobs) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT job.requester IS NULL
        OR may_use(job.requester, CASE job.kind WHEN 'refresh' THEN 'admin' ELSE 'analyst' END::user_role, job.dataset)
$$;

-- Cancels the jobs whose requester may have them no longer: those that wait at once, those that run by their workers.
CREATE FUNCTION end_jobs_without_right() RETURNS void LANGUAGE sql AS $$
    UPDATE jobs
    SET state = CASE state WHEN 'queued' THEN 'cancelled' ELSE state END::run_state,
        cancel_requested_at = now(),
        cancel_reason = 'the right of who asked for it has ended',
        error = CASE state WHEN 'queued' THEN 'the right of who asked for it has ended' ELSE error END,
        finished_at = CASE state WHEN 'queued' THEN now() ELSE finished_at END
    WHERE requester IS NOT NULL AND state IN ('queued', 'running') AND cancel_requested_at IS NULL
        AND NOT job_is_allowed(jobs)
$$;

-- In the transaction that takes the right away, and before the version's row is locked, as a deletion of a dataset locks
-- its jobs before that too.
CREATE OR REPLACE FUNCTION raise_access_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM end_jobs_without_right();
    UPDATE access_version SET version = version + 1;
    PERFORM pg_notify('hextant_access', '');
    RETURN NULL;
END
$$;
