-- Deletes some of the jobs that ended long ago, and their runs. Runs that scored stay, because they explain scores.
-- $1 seconds
WITH old AS (
    SELECT id FROM jobs
    WHERE finished_at < now() - make_interval(secs => $1)
    ORDER BY finished_at
    LIMIT 1000
    FOR UPDATE SKIP LOCKED
), runs AS (
    DELETE FROM analytics_runs WHERE kind <> 'score' AND job IN (SELECT id FROM old)
)
DELETE FROM jobs WHERE id IN (SELECT id FROM old);
