-- Marks dead letters as events by now, and counts them so in their batch: received stays accepted + duplicate + rejected.
-- $1 batch, $2 ids of the letters, $3 how many of them became events that were not stored before
WITH marked AS (
    UPDATE dead_letters SET remediated_at = now()
    WHERE batch = $1 AND id = ANY ($2) AND remediated_at IS NULL
    RETURNING id
)
UPDATE ingest_batches
SET rejected = rejected - n, accepted = accepted + $3, duplicate = duplicate + n - $3
FROM (SELECT count(*) AS n FROM marked) AS counted
WHERE ingest_batches.id = $1;
