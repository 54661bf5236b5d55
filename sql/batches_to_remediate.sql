-- The finished batches of a dataset with open dead letters, the oldest first.
-- $1 dataset, $2 the only batch or NULL, $3 reason or NULL, $4 only ids above this, $5 limit
SELECT b.id, b.mapping
FROM ingest_batches b
WHERE b.dataset = $1 AND ($2::bigint IS NULL OR b.id = $2) AND b.id > $4 AND b.state = 'finished' AND b.rejected > 0
    AND EXISTS (
        SELECT FROM dead_letters l
        WHERE l.batch = b.id AND l.remediated_at IS NULL AND ($3::text IS NULL OR l.reason = $3))
ORDER BY b.id
LIMIT $5;
