-- Dead letters in order of their ids.
-- $1 dataset or null, $2 batch or null, $3 reason or null, $4 whether remediated ones too, $5 only ids above this, $6 limit
SELECT d.id, d.batch, b.dataset, d.row_number, d.line_number, d.raw, d.reason, d.detail, d.remediated_at
FROM dead_letters d JOIN ingest_batches b ON b.id = d.batch
WHERE ($1::text IS NULL OR b.dataset = $1) AND ($2::bigint IS NULL OR d.batch = $2)
    AND ($3::text IS NULL OR d.reason = $3) AND ($4 OR d.remediated_at IS NULL) AND d.id > $5
ORDER BY d.id
LIMIT $6;
