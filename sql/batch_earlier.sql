-- The number of records of the batches before one, of the same dataset, mapping and feed; the newest first.
-- $1 batch, $2 limit
SELECT e.received
FROM ingest_batches own
JOIN ingest_batches e ON e.dataset = own.dataset AND e.id < own.id
WHERE own.id = $1 AND e.state = 'finished' AND e.mapping = own.mapping AND e.feed IS NOT DISTINCT FROM own.feed
ORDER BY e.id DESC
LIMIT $2;
