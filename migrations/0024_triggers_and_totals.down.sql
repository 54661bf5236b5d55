DROP INDEX idx_served_datasets_events;
ALTER TABLE served_datasets DROP COLUMN events;

CREATE OR REPLACE FUNCTION follow_job() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE analytics_runs
    SET state = NEW.state, progress = NEW.progress, attempts = NEW.attempts, error = NEW.error,
        started_at = NEW.started_at, finished_at = NEW.finished_at
    WHERE job = NEW.id;
    RETURN NULL;
END
$$;
DROP TABLE job_totals;

ALTER TABLE served_view DROP COLUMN refresh_mark;
ALTER TABLE jobs DROP COLUMN refresh_mark;
DROP SEQUENCE refresh_marks;
ALTER TABLE analytics_runs DROP COLUMN trigger;
