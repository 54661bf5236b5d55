-- The program alone knows the kinds of jobs (JobKind), so a new kind needs no change of the schema. The tables refuse
-- only what cannot be a name. A worker leaves jobs alone whose kind it does not know.
ALTER TABLE jobs
    DROP CONSTRAINT jobs_dataset,
    DROP CONSTRAINT jobs_kind,
    ADD CONSTRAINT jobs_kind CHECK (octet_length(kind) BETWEEN 1 AND 63);
ALTER TABLE analytics_runs
    DROP CONSTRAINT analytics_runs_dataset,
    DROP CONSTRAINT analytics_runs_kind_check,
    ADD CONSTRAINT analytics_runs_kind CHECK (octet_length(kind) BETWEEN 1 AND 63);
