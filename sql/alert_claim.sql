-- Takes the next alert that is to be sent, for two minutes.
UPDATE alerts
SET attempts = attempts + 1, next_attempt_at = now() + interval '2 minutes'
WHERE id = (
    SELECT id FROM alerts
    WHERE state = 'waiting' AND next_attempt_at <= now()
    ORDER BY next_attempt_at, id
    LIMIT 1
    FOR UPDATE SKIP LOCKED)
RETURNING
    id, dataset, rule, condition, resolution, as_of, message, total, cells::text AS cells, created_at, state, attempts,
    sent_at, error, webhook, secret, allow_private;
