-- Claims the job that has been due for longest, if its dataset is free. If two workers choose two jobs of one dataset
-- at the same moment, both pass NOT EXISTS, and idx_jobs_running refuses the second. A job whose requester has lost the
-- right to it is left to the sweep, and one of a kind that the worker does not know to others.
-- $1 name of the worker, $2 seconds of the lease, $3 kinds that the worker knows
UPDATE jobs
SET state = 'running', attempts = attempts + 1, progress = 0, token = nextval('job_tokens'), worker = $1,
    leased_until = now() + make_interval(secs => $2), started_at = coalesce(started_at, now())
WHERE id = (
    SELECT id
    FROM jobs waiting
    WHERE state = 'queued' AND run_at <= now() AND kind = ANY ($3::text[]) AND job_is_allowed(waiting)
        AND NOT EXISTS (
            SELECT FROM jobs running
            WHERE running.state = 'running' AND running.kind = waiting.kind
                AND coalesce(running.dataset, '') = coalesce(waiting.dataset, ''))
    ORDER BY run_at, id
    LIMIT 1
    FOR UPDATE SKIP LOCKED)
RETURNING id, token, kind, dataset, parameters::text, attempts, max_attempts,
    (SELECT scored_at IS NOT NULL FROM analytics_runs WHERE job = jobs.id) AS is_scored,
    (SELECT trigger FROM analytics_runs WHERE job = jobs.id) AS trigger;
