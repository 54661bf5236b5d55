-- Makes the events of a feed part that have no id those of table `incoming`, which holds the part's rows whole. A row
-- is known by its time, type, place and attributes, and by its number among equal rows.
-- $1 dataset, $2 batch, $3 $4 first and last time of events that the part ever brought, $5 feed, $6 part; returns the
-- numbers of events accepted and removed
WITH older AS MATERIALIZED (
    SELECT id FROM ingest_batches WHERE dataset = $1 AND feed = $5 AND feed_part = $6 AND id < $2
), numbered AS MATERIALIZED (
    SELECT
        *, ST_AsBinary(geom) AS place,
        row_number() OVER (
            PARTITION BY event_timestamp, event_type, ST_AsBinary(geom), attributes_json ORDER BY row_number) AS ordinal
    FROM incoming
    WHERE event_id IS NULL
), stored AS MATERIALIZED (
    SELECT
        event_timestamp, sequence, event_type, ST_AsBinary(geom) AS place, attributes_json,
        row_number() OVER (
            PARTITION BY event_timestamp, event_type, ST_AsBinary(geom), attributes_json ORDER BY sequence) AS ordinal
    FROM events
    WHERE dataset = $1 AND event_timestamp >= $3 AND event_timestamp <= $4 AND event_id IS NULL
        AND batch IN (SELECT id FROM older)
), gone AS (
    DELETE FROM events e
    USING stored s
    WHERE e.dataset = $1 AND e.event_timestamp >= $3 AND e.event_timestamp <= $4
        AND e.event_timestamp = s.event_timestamp AND e.sequence = s.sequence
        AND NOT EXISTS (
            SELECT FROM numbered n
            WHERE n.event_timestamp = s.event_timestamp AND n.event_type = s.event_type AND n.place = s.place
                AND n.attributes_json = s.attributes_json AND n.ordinal = s.ordinal)
    RETURNING e.sequence
), inserted AS (
    INSERT INTO events (dataset, event_type, event_timestamp, geom, attributes_json, batch, row_number)
    SELECT $1, n.event_type, n.event_timestamp, n.geom, n.attributes_json, $2, n.row_number
    FROM numbered n
    WHERE NOT EXISTS (
        SELECT FROM stored s
        WHERE n.event_timestamp = s.event_timestamp AND n.event_type = s.event_type AND n.place = s.place
            AND n.attributes_json = s.attributes_json AND n.ordinal = s.ordinal)
    ORDER BY n.row_number
    RETURNING event_type, event_timestamp
), counted AS (
    SELECT (i.event_timestamp AT TIME ZONE d.time_zone)::date AS day, i.event_type, count(*) AS n
    FROM inserted i
    CROSS JOIN (SELECT time_zone FROM datasets WHERE slug = $1) d
    GROUP BY 1, 2
)
SELECT
    coalesce(sum(n), 0)::bigint AS accepted,
    (SELECT count(*) FROM gone) AS removed,
    count_event_days($1, array_agg(day), array_agg(event_type), array_agg(n))
FROM counted;
