-- The older schema has no place for jobs of other kinds.
DELETE FROM analytics_runs WHERE kind NOT IN ('score', 'refresh') OR (kind = 'score') <> (dataset IS NOT NULL);
DELETE FROM jobs WHERE kind NOT IN ('score', 'refresh') OR (kind = 'score') <> (dataset IS NOT NULL);
ALTER TABLE analytics_runs
    DROP CONSTRAINT analytics_runs_kind,
    ADD CONSTRAINT analytics_runs_kind_check CHECK (kind IN ('score', 'refresh')),
    ADD CONSTRAINT analytics_runs_dataset CHECK ((kind = 'score') = (dataset IS NOT NULL));
ALTER TABLE jobs
    DROP CONSTRAINT jobs_kind,
    ADD CONSTRAINT jobs_kind CHECK (kind IN ('score', 'refresh')),
    ADD CONSTRAINT jobs_dataset CHECK ((kind = 'score') = (dataset IS NOT NULL));
