-- Keeps a lease and tells whether the job is to be cancelled; no row when the lease is lost.
-- $1 job, $2 token, $3 seconds of the lease, $4 progress
UPDATE jobs
SET leased_until = now() + make_interval(secs => $3), progress = $4
WHERE id = $1 AND token = $2 AND state = 'running'
RETURNING cancel_requested_at IS NOT NULL;
