-- What asked for a run: an account as the audit log names it, `schedule NAME`, `command ...`; NULL is not known.
ALTER TABLE analytics_runs ADD COLUMN trigger text;
UPDATE analytics_runs r
SET trigger = coalesce(
    j.requester, CASE WHEN j.key ~ '^schedule .* [0-9]+$' THEN regexp_replace(j.key, ' [0-9]+$', '') END)
FROM jobs j
WHERE j.id = r.job;
UPDATE analytics_runs SET trigger = 'command score' WHERE job IS NULL AND kind = 'score';

-- A refresh serves what was committed when it began. A job that wants a refresh takes a number after its data are
-- committed, and a refresh takes one before it reads: if the number of the served view is the higher one, the job has
-- what it wants. Numbers instead of times, since clocks may be set back.
CREATE SEQUENCE refresh_marks;
ALTER TABLE jobs ADD COLUMN refresh_mark bigint NOT NULL DEFAULT nextval('refresh_marks');
ALTER TABLE served_view ADD COLUMN refresh_mark bigint NOT NULL DEFAULT 0;

-- The number of jobs that finished or failed since ever, which does not fall when jobs are deleted.
CREATE TABLE job_totals (
    kind        text NOT NULL,
    outcome     run_state NOT NULL CHECK (outcome IN ('finished', 'failed')),
    total       bigint NOT NULL,
    PRIMARY KEY (kind, outcome)
);
INSERT INTO job_totals (kind, outcome, total)
SELECT kind, state, count(*) FROM jobs WHERE state IN ('finished', 'failed') GROUP BY kind, state;

CREATE OR REPLACE FUNCTION follow_job() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE analytics_runs
    SET state = NEW.state, progress = NEW.progress, attempts = NEW.attempts, error = NEW.error,
        started_at = NEW.started_at, finished_at = NEW.finished_at
    WHERE job = NEW.id;
    IF NEW.state IS DISTINCT FROM OLD.state AND NEW.state IN ('finished', 'failed') THEN
        INSERT INTO job_totals AS t (kind, outcome, total) VALUES (NEW.kind, NEW.state, 1)
        ON CONFLICT (kind, outcome) DO UPDATE SET total = t.total + 1;
    END IF;
    RETURN NULL;
END
$$;

-- The number of events that are served of each dataset, by which the default one is chosen.
ALTER TABLE served_datasets ADD COLUMN events bigint NOT NULL DEFAULT 0;
UPDATE served_datasets s SET events = v.events
FROM (SELECT dataset, resolution, sum(event_count)::bigint AS events FROM mv_daily_risk GROUP BY dataset, resolution) v
WHERE v.dataset = s.dataset AND v.resolution = s.resolution;
CREATE INDEX idx_served_datasets_events ON served_datasets (events DESC, dataset);

GRANT SELECT ON job_totals TO hextant_reader;
