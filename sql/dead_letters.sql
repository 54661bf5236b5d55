-- A page of dead letters in order of their ids, and the number that would be in it: fewer are returned if their texts
-- would be too long together. The first is always returned.
-- $1 dataset or null, $2 batch or null, $3 reason or null, $4 whether remediated ones too, $5 only ids above this, $6
-- limit,
-- $7 bytes of all texts at most
SELECT candidates, id, batch, dataset, row_number, line_number, raw, reason, detail, remediated_at
FROM (
    SELECT d.*, b.dataset, count(*) OVER () AS candidates,
        sum(octet_length(raw)) OVER (ORDER BY d.id ROWS UNBOUNDED PRECEDING) AS bytes,
        row_number() OVER (ORDER BY d.id) AS place
    FROM (
        SELECT l.* FROM dead_letters l
        WHERE ($1::text IS NULL OR l.batch IN (SELECT id FROM ingest_batches WHERE ingest_batches.dataset = $1))
            AND ($2::bigint IS NULL OR l.batch = $2)
            AND ($3::text IS NULL OR l.reason = $3) AND ($4 OR l.remediated_at IS NULL) AND l.id > $5
        ORDER BY l.id
        LIMIT $6
    ) AS d
    JOIN ingest_batches b ON b.id = d.batch
) AS page
WHERE bytes <= $7 OR place = 1
ORDER BY id;
