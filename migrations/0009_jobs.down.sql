DROP TRIGGER tell_workers_of_change ON jobs;
DROP TRIGGER tell_workers_of_new ON jobs;
DROP FUNCTION tell_workers;
DROP TRIGGER follow_job ON jobs;
DROP FUNCTION follow_job;

-- The older schema has no place for these: refreshes, and runs whose interval never came to be known.
DELETE FROM analytics_runs WHERE dataset IS NULL OR from_day IS NULL OR to_day IS NULL;
DROP INDEX idx_analytics_runs_commands;
DROP INDEX idx_analytics_runs_dataset;
ALTER TABLE analytics_runs
    DROP CONSTRAINT analytics_runs_dataset,
    ALTER COLUMN to_day SET NOT NULL,
    ALTER COLUMN from_day SET NOT NULL,
    ALTER COLUMN dataset SET NOT NULL,
    DROP COLUMN scored_at,
    DROP COLUMN attempts,
    DROP COLUMN refresh,
    DROP COLUMN normalization,
    DROP COLUMN kind,
    DROP COLUMN job;

DROP INDEX idx_jobs_running;
ALTER TABLE jobs
    DROP CONSTRAINT jobs_lease,
    DROP CONSTRAINT jobs_dataset,
    DROP CONSTRAINT jobs_kind,
    DROP COLUMN started_at,
    DROP COLUMN cancel_requested_at,
    DROP COLUMN worker,
    DROP COLUMN token,
    DROP COLUMN max_attempts,
    DROP COLUMN dataset,
    DROP COLUMN key;

DROP SEQUENCE job_tokens;
