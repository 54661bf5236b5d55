-- The number of some events without an id that are stored already.
-- $1 dataset, $2 to $6 times, types, longitudes, latitudes and attributes, $7 first time, $8 last time
SELECT count(*)
FROM unnest($2::timestamptz[], $3::text[], $4::float8[], $5::float8[], $6::text[])
    AS s (event_timestamp, event_type, longitude, latitude, attributes)
CROSS JOIN LATERAL (
    SELECT FROM events e
    WHERE e.dataset = $1 AND e.event_timestamp >= $7 AND e.event_timestamp <= $8
        AND e.event_timestamp = s.event_timestamp AND e.event_id IS NULL AND e.event_type = s.event_type
        AND ST_X(e.geom) = s.longitude AND ST_Y(e.geom) = s.latitude AND e.attributes_json = s.attributes::jsonb
    LIMIT 1
) stored;
