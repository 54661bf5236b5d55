-- Cancels a run: a queued one at once, a running one when its worker next renews the lease. If the row changed
-- meanwhile, its new state counts.
-- $1 run
UPDATE jobs
SET state = CASE jobs.state WHEN 'queued' THEN 'cancelled' ELSE jobs.state END,
    cancel_requested_at = coalesce(cancel_requested_at, now()),
    finished_at = CASE jobs.state WHEN 'queued' THEN now() ELSE jobs.finished_at END
FROM analytics_runs r
WHERE r.id = $1 AND jobs.id = r.job AND jobs.state IN ('queued', 'running')
RETURNING jobs.id;
