-- Merges the rows of table `incoming` that have no id into events. A row is known by its time, type, place and
-- attributes, and by its number among equal rows: of the equal rows of the file, those beyond the number stored already
-- are new.
-- $1 dataset, $2 batch, $3 first time, $4 last time; returns the number of events accepted
WITH numbered AS (
    SELECT
        *, ST_AsBinary(geom) AS place,
        row_number() OVER (
            PARTITION BY event_timestamp, event_type, ST_AsBinary(geom), attributes_json ORDER BY row_number) AS ordinal
    FROM incoming
    WHERE event_id IS NULL
), stored AS (
    SELECT event_timestamp, event_type, ST_AsBinary(geom) AS place, attributes_json, count(*) AS n
    FROM events
    WHERE dataset = $1 AND event_timestamp >= $3 AND event_timestamp <= $4 AND event_id IS NULL
        AND event_timestamp IN (SELECT event_timestamp FROM incoming WHERE event_id IS NULL)
    GROUP BY 1, 2, 3, 4
), inserted AS (
    INSERT INTO events (dataset, event_type, event_timestamp, geom, attributes_json, batch, row_number)
    SELECT $1, i.event_type, i.event_timestamp, i.geom, i.attributes_json, $2, i.row_number
    FROM numbered i
    LEFT JOIN stored s
        ON s.event_timestamp = i.event_timestamp AND s.event_type = i.event_type AND s.place = i.place
        AND s.attributes_json = i.attributes_json
    WHERE i.ordinal > coalesce(s.n, 0)
    ORDER BY i.row_number
    RETURNING event_type, event_timestamp
), counted AS (
    SELECT (i.event_timestamp AT TIME ZONE d.time_zone)::date AS day, i.event_type, count(*) AS n
    FROM inserted i
    CROSS JOIN (SELECT time_zone FROM datasets WHERE slug = $1) d
    GROUP BY 1, 2
)
SELECT
    coalesce(sum(n), 0)::bigint AS accepted,
    count_event_days($1, array_agg(day), array_agg(event_type), array_agg(n))
FROM counted;
