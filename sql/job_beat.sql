-- Renews a lease and returns whether the job should be cancelled; no row if the lease is lost. An API key that has
-- expired is noticed here, because expiring changes nothing in the database.
-- $1 job, $2 token, $3 seconds of the lease, $4 progress
UPDATE jobs
SET leased_until = now() + make_interval(secs => $3), progress = $4,
    cancel_requested_at = CASE
        WHEN job_is_allowed(jobs) THEN cancel_requested_at
        ELSE coalesce(cancel_requested_at, now())
    END,
    cancel_reason = CASE
        WHEN cancel_requested_at IS NULL AND NOT job_is_allowed(jobs) THEN 'the right of who asked for it has ended'
        ELSE cancel_reason
    END
WHERE id = $1 AND token = $2 AND state = 'running'
RETURNING cancel_requested_at IS NOT NULL;
