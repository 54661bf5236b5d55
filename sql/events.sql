-- Stored events by time, one page.
-- $1 dataset, $2 from, $3 to (exclusive), $4 event type, $5 to $8 west, south, east, north, $9 $10 position to go on
-- after (time, sequence), $11 limit; any but $1 and $11 may be NULL
SELECT e.event_timestamp, e.sequence, e.event_id, e.event_type, ST_X(e.geom), ST_Y(e.geom), e.attributes_json::text
FROM events e
WHERE e.dataset = $1
    AND ($2::timestamptz IS NULL OR e.event_timestamp >= $2)
    AND ($3::timestamptz IS NULL OR e.event_timestamp < $3)
    AND ($4::text IS NULL OR e.event_type = $4)
    AND ($5::float8 IS NULL OR (
        ST_Y(e.geom) BETWEEN $6 AND $8
        AND CASE WHEN $5 <= $7 THEN ST_X(e.geom) BETWEEN $5 AND $7 ELSE ST_X(e.geom) >= $5 OR ST_X(e.geom) <= $7 END))
    AND ($9::timestamptz IS NULL OR (e.event_timestamp, e.sequence) > ($9, $10::bigint))
ORDER BY e.event_timestamp, e.sequence
LIMIT $11;
