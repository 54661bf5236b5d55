-- Marks dead letters as remediated, and updates the counts of their batch: received stays accepted + duplicate +
-- rejected, and rejected the sum of its reasons. A letter was received as one record, and may contain several events.
-- $1 batch, $2 ids of the letters, $3 number of their events, $4 number of those that were not stored before
WITH marked AS (
    UPDATE dead_letters SET remediated_at = now()
    WHERE batch = $1 AND id = ANY ($2) AND remediated_at IS NULL
    RETURNING reason
), gone AS (
    SELECT reason, count(*) AS n FROM marked GROUP BY reason
)
UPDATE ingest_batches
SET rejected = rejected - n, received = received + $3 - n, accepted = accepted + $4, duplicate = duplicate + $3 - $4,
    rejected_by_reason = CASE WHEN rejected_by_reason IS NOT NULL THEN (
        SELECT coalesce(jsonb_object_agg(r.key, r.value::bigint - coalesce(gone.n, 0)), '{}')
        FROM jsonb_each_text(rejected_by_reason) AS r
        LEFT JOIN gone ON gone.reason = r.key
        WHERE r.value::bigint > coalesce(gone.n, 0)
    ) END
FROM (SELECT count(*) AS n FROM marked) AS counted
WHERE ingest_batches.id = $1;
