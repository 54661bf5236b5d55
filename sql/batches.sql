-- Batches, the newest first.
-- $1 id or null, $2 dataset or null, $3 only ids below this or null, $4 limit
SELECT id, dataset, source, encode(sha256, 'hex') AS sha256, mapping, state, received, accepted, duplicate, rejected,
    filtered, rejected_by_reason::text, dead_letters_omitted, array_to_json(warnings)::text AS warnings, error,
    started_at, finished_at,
    fields, blank_fields, newest_event,
    CASE WHEN finished_at > newest_event THEN extract(epoch FROM finished_at - newest_event) / 86400
        WHEN newest_event IS NOT NULL THEN 0 END::float8 AS age_days,
    fresh_days, future_events, blanks::text, remedies::text, findings::text
FROM ingest_batches
WHERE ($1::bigint IS NULL OR id = $1) AND ($2::text IS NULL OR dataset = $2) AND ($3::bigint IS NULL OR id < $3)
ORDER BY id DESC
LIMIT $4;
