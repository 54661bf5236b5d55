-- A page of stored events by time. Every bound of the time is a value, -infinity or infinity if there is none. Only
-- then it is a condition of the index, and a page deep in the dataset reads as little as the first one. A page ends
-- with the event at which its attributes exceed a number of bytes, so that it never takes much memory.
-- $1 dataset, $2 from, $3 to (exclusive), $4 event types (empty: all), $5 to $8 west, south, east, north or NULL,
-- $9 $10 cursor (time, sequence; $2 is not before it), $11 limit, $12 drawn polygon (EWKB) or NULL, $13 bytes
SELECT event_timestamp, sequence, event_id, event_type, longitude, latitude, attributes
FROM (
    SELECT
        page.*,
        sum(octet_length(attributes)) OVER (
            ORDER BY event_timestamp, sequence ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS bytes_before
    FROM (
        SELECT
            e.event_timestamp, e.sequence, e.event_id, e.event_type, ST_X(e.geom) AS longitude,
            ST_Y(e.geom) AS latitude, e.attributes_json::text AS attributes
        FROM events e
        WHERE e.dataset = $1
            AND e.event_timestamp >= $2::timestamptz
            AND e.event_timestamp < $3::timestamptz
            AND (e.event_timestamp, e.sequence) > ($9::timestamptz, $10::bigint)
            AND (cardinality($4::text[]) = 0 OR e.event_type = ANY ($4))
            AND ($5::float8 IS NULL OR (
                ST_Y(e.geom) BETWEEN $6 AND $8
                AND CASE WHEN $5 <= $7 THEN ST_X(e.geom) BETWEEN $5 AND $7
                    ELSE ST_X(e.geom) >= $5 OR ST_X(e.geom) <= $7 END))
            AND ($12::bytea IS NULL OR ST_Intersects(e.geom, (SELECT ST_GeomFromEWKB($12))))
            -- filter
        ORDER BY e.event_timestamp, e.sequence
        LIMIT $11
    ) AS page
) AS counted
WHERE coalesce(bytes_before, 0) <= $13
ORDER BY event_timestamp, sequence;
