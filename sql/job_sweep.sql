-- Takes jobs away from workers that stopped reporting, cancels jobs whose requester has lost the right to them, and
-- closes runs of commands and of feeds whose process died.

-- step: leases
UPDATE jobs
SET state = CASE
        WHEN cancel_requested_at IS NOT NULL THEN 'cancelled'
        WHEN attempts >= max_attempts THEN 'failed'
        ELSE 'queued'
    END::run_state,
    error = CASE
        WHEN cancel_requested_at IS NULL THEN 'worker ' || worker || ' stopped answering'
        ELSE cancel_reason
    END,
    progress = CASE WHEN cancel_requested_at IS NULL AND attempts < max_attempts THEN 0 ELSE progress END,
    run_at = now(),
    finished_at = CASE WHEN cancel_requested_at IS NOT NULL OR attempts >= max_attempts THEN now() END,
    token = NULL, leased_until = NULL, worker = NULL
WHERE id IN (SELECT id FROM jobs WHERE state = 'running' AND leased_until < now() FOR UPDATE SKIP LOCKED)
    AND state = 'running';

-- step: rights
-- A change of rights cancels jobs itself; this step finds expired keys, and jobs that were queued meanwhile.
SELECT end_jobs_without_right();

-- step: commands
-- `hextant score` holds this lock from before its run is recorded until its connection ends.
UPDATE analytics_runs
SET state = 'failed', error = 'interrupted', finished_at = now()
WHERE state = 'running' AND job IS NULL
    AND pg_try_advisory_xact_lock(hashtextextended('hextant score ' || dataset, 0));

-- step: feeds
-- A run of a feed holds this lock from before it is recorded until its connection ends.
UPDATE feed_runs
SET state = 'failed', error = 'interrupted', finished_at = now()
WHERE state = 'running' AND pg_try_advisory_xact_lock(hashtextextended('hextant feed ' || feed, 0));
