-- The durable queue. A job is what a worker does; its run in analytics_runs is what people see of it, and follows it by
-- a trigger, so that no way of changing a job can leave its run untrue.
CREATE SEQUENCE job_tokens;

ALTER TABLE jobs
    -- Whoever asks twice under one key gets the same job.
    ADD COLUMN key                  text UNIQUE CHECK (key <> ''),
    ADD COLUMN dataset              text REFERENCES datasets (slug) ON UPDATE CASCADE ON DELETE CASCADE,
    ADD COLUMN max_attempts         integer NOT NULL DEFAULT 5 CHECK (max_attempts > 0),
    -- A new one at every claim: what a worker writes under an older one is refused.
    ADD COLUMN token                bigint,
    ADD COLUMN worker               text,
    ADD COLUMN cancel_requested_at  timestamptz,
    ADD COLUMN started_at           timestamptz,
    ADD CONSTRAINT jobs_kind CHECK (kind IN ('score', 'refresh')),
    ADD CONSTRAINT jobs_dataset CHECK ((kind = 'score') = (dataset IS NOT NULL)),
    ADD CONSTRAINT jobs_lease CHECK (
        (state = 'running') = (token IS NOT NULL) AND (state = 'running') = (leased_until IS NOT NULL));

-- At most one scoring job of a dataset, and one refresh, runs at a time, whatever workers there are.
CREATE UNIQUE INDEX idx_jobs_running ON jobs (kind, coalesce(dataset, '')) WHERE state = 'running';

ALTER TABLE analytics_runs
    ADD COLUMN job                  bigint UNIQUE REFERENCES jobs (id) ON DELETE SET NULL,
    ADD COLUMN kind                 text NOT NULL DEFAULT 'score' CHECK (kind IN ('score', 'refresh')),
    ADD COLUMN normalization        text NOT NULL DEFAULT 'minmax',
    ADD COLUMN refresh              boolean NOT NULL DEFAULT false,
    ADD COLUMN attempts             integer NOT NULL DEFAULT 0,
    -- When the scores were all written, so that a run that was interrupted later does not score again.
    ADD COLUMN scored_at            timestamptz,
    ALTER COLUMN dataset DROP NOT NULL,
    -- An end that was left open is known when the run begins.
    ALTER COLUMN from_day DROP NOT NULL,
    ALTER COLUMN to_day DROP NOT NULL,
    ADD CONSTRAINT analytics_runs_dataset CHECK ((kind = 'score') = (dataset IS NOT NULL));
CREATE INDEX idx_analytics_runs_dataset ON analytics_runs (dataset, id);
CREATE INDEX idx_analytics_runs_commands ON analytics_runs (id) WHERE state = 'running' AND job IS NULL;

CREATE FUNCTION follow_job() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE analytics_runs
    SET state = NEW.state, progress = NEW.progress, attempts = NEW.attempts, error = NEW.error,
        started_at = NEW.started_at, finished_at = NEW.finished_at
    WHERE job = NEW.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER follow_job AFTER UPDATE OF state, progress, attempts, error, started_at, finished_at ON jobs
    FOR EACH ROW EXECUTE FUNCTION follow_job();

-- Workers listen: for work, for a dataset that became free, for a wish to cancel.
CREATE FUNCTION tell_workers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('hextant_jobs', '');
    RETURN NULL;
END
$$;
CREATE TRIGGER tell_workers_of_new AFTER INSERT ON jobs FOR EACH STATEMENT EXECUTE FUNCTION tell_workers();
CREATE TRIGGER tell_workers_of_change AFTER UPDATE OF state, cancel_requested_at ON jobs
    FOR EACH STATEMENT EXECUTE FUNCTION tell_workers();
