-- Whether a job of a schedule waits or runs: its key is that of the schedule, and a due time.
-- $1 what the keys of the schedule begin with
SELECT EXISTS (
    SELECT FROM jobs
    WHERE state IN ('queued', 'running') AND starts_with(key, $1) AND substr(key, length($1) + 1) ~ '^[0-9]+$');
