-- Writes what is held of a feed part, and tells what its batches are compared with.
-- $1 dataset, $2 feed, $3 part, $4 version, $5 state, $6 batch or NULL when no rows came, $7 its rows, $8 whether it
-- is the first batch of a reading of the whole part, $9 $10 first and last time of its events or NULL
INSERT INTO feed_checkpoints AS c (
    dataset, feed, part, version, state, batch, rows, read_at, whole_batch, first_event, last_event)
VALUES (
    $1, $2, $3, $4, $5, $6::bigint, $7, clock_timestamp(), CASE WHEN $8 THEN $6::bigint END, $9::timestamptz,
    $10::timestamptz)
ON CONFLICT (dataset, feed, part) DO UPDATE SET
    version = excluded.version, state = excluded.state, read_at = excluded.read_at,
    batch = coalesce(excluded.batch, c.batch),
    rows = CASE WHEN excluded.batch IS NULL THEN c.rows ELSE excluded.rows END,
    whole_batch = coalesce(excluded.whole_batch, c.whole_batch),
    first_event = least(c.first_event, excluded.first_event),
    last_event = greatest(c.last_event, excluded.last_event)
RETURNING coalesce(whole_batch, 0) AS whole_batch, first_event, last_event;
