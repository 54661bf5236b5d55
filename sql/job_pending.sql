-- Whether a job of a schedule is queued or running. Its key consists of that of the schedule and the due time.
-- $1 prefix of the keys of the schedule
SELECT EXISTS (
    SELECT FROM jobs
    WHERE state IN ('queued', 'running') AND starts_with(key, $1) AND substr(key, length($1) + 1) ~ '^[0-9]+$');
