-- Marks dead letters as events by now, and counts them so in their batch: received stays accepted + duplicate + rejected. A
-- letter was received as one record, and may stand for more events.
-- $1 batch, $2 ids of the letters, $3 events that they stand for, $4 how many of those were not stored before
WITH marked AS (
    UPDATE dead_letters SET remediated_at = now()
    WHERE batch = $1 AND id = ANY ($2) AND remediated_at IS NULL
    RETURNING id
)
UPDATE ingest_batches
SET rejected = rejected - n, received = received + $3 - n, accepted = accepted + $4, duplicate = duplicate + $3 - $4
FROM (SELECT count(*) AS n FROM marked) AS counted
WHERE ingest_batches.id = $1;
