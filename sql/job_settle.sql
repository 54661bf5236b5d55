-- Ends an attempt, unless its lease is lost. A job that would return to the queue is cancelled if that was requested.
-- This is decided in each column, because only the row itself is read again if it changed meanwhile.
-- $1 job, $2 token, $3 state, $4 error or NULL, $5 seconds until it may run again, $6 whether the attempt counts
UPDATE jobs
SET state = CASE WHEN $3 = 'queued' AND cancel_requested_at IS NOT NULL THEN 'cancelled' ELSE $3 END::run_state,
    error = CASE
        WHEN $3 = 'cancelled' OR $3 = 'queued' AND cancel_requested_at IS NOT NULL THEN coalesce(cancel_reason, $4)
        ELSE $4
    END,
    progress = CASE $3 WHEN 'finished' THEN 1 WHEN 'queued' THEN 0 ELSE progress END,
    attempts = attempts - CASE WHEN $6 THEN 0 ELSE 1 END,
    run_at = CASE $3 WHEN 'queued' THEN now() + make_interval(secs => $5) ELSE run_at END,
    finished_at = CASE WHEN $3 <> 'queued' OR cancel_requested_at IS NOT NULL THEN now() END,
    token = NULL, leased_until = NULL, worker = NULL
WHERE id = $1 AND token = $2 AND state = 'running';
