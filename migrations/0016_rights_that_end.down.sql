CREATE OR REPLACE FUNCTION raise_access_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE access_version SET version = version + 1;
    PERFORM pg_notify('hextant_access', '');
    RETURN NULL;
END
$$;
DROP FUNCTION end_jobs_without_right();
DROP FUNCTION job_is_allowed(jobs);
DROP FUNCTION hold_right(bigint, bytea, text);
DROP FUNCTION may_use(text, user_role, text);
COMMENT ON COLUMN ingest_batches.idempotency_key IS NULL;
COMMENT ON COLUMN jobs.key IS NULL;
DROP INDEX idx_jobs_requested;
ALTER TABLE jobs DROP COLUMN cancel_reason, DROP COLUMN requester;
DROP TRIGGER end_sessions ON users;
DROP FUNCTION end_sessions();
DROP TRIGGER begin_epoch ON users;
DROP FUNCTION begin_epoch();
ALTER TABLE users DROP COLUMN epoch;
