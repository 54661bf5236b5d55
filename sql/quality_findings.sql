-- The newest findings of a dataset.
-- $1 dataset, $2 limit
SELECT
    b.id AS batch, b.finished_at, f.value ->> 'check' AS kind, f.value ->> 'column' AS attribute,
    f.value ->> 'message' AS message
FROM (
    SELECT * FROM ingest_batches
    WHERE dataset = $1 AND state = 'finished' AND findings <> '[]'
    ORDER BY id DESC
    LIMIT $2
) AS b
CROSS JOIN LATERAL jsonb_array_elements(b.findings) WITH ORDINALITY AS f (value, place)
ORDER BY b.id DESC, f.place
LIMIT $2;
