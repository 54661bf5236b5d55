-- Merges the rows of table `incoming` that have ids of their source into events. The last row of an id in the file
-- counts. An event that is stored with the same content is left alone; one with other content is replaced, unless it
-- came later: a dead letter that is read again is as old as its batch.
-- $1 dataset, $2 batch, $3 and $4 first and last time of the stored events with these ids; returns the number of events
-- accepted
WITH latest AS (
    SELECT DISTINCT ON (event_id) * FROM incoming WHERE event_id IS NOT NULL ORDER BY event_id, row_number DESC
), changed AS (
    SELECT l.*, k.event_timestamp AS old_timestamp, k.sequence AS old_sequence
    FROM latest l
    LEFT JOIN event_identities k ON k.dataset = $1 AND k.event_id = l.event_id
    LEFT JOIN events e
        ON e.dataset = $1 AND e.event_timestamp >= $3 AND e.event_timestamp <= $4
        AND e.event_timestamp = k.event_timestamp AND e.sequence = k.sequence
    WHERE e.sequence IS NULL
        OR (e.batch, e.row_number) < ($2, l.row_number) AND (
            e.event_timestamp <> l.event_timestamp
            OR e.event_type <> l.event_type
            OR ST_AsBinary(e.geom) <> ST_AsBinary(l.geom)
            OR e.attributes_json <> l.attributes_json)
), replaced AS (
    DELETE FROM events e USING changed c
    WHERE e.dataset = $1 AND e.event_timestamp >= $3 AND e.event_timestamp <= $4
        AND e.event_timestamp = c.old_timestamp AND e.sequence = c.old_sequence
), inserted AS (
    INSERT INTO events (dataset, event_id, event_type, event_timestamp, geom, attributes_json, batch, row_number)
    SELECT $1, event_id, event_type, event_timestamp, geom, attributes_json, $2, row_number FROM changed
    RETURNING event_id, event_type, event_timestamp, sequence
), identities AS (
    INSERT INTO event_identities (dataset, event_id, event_timestamp, sequence)
    SELECT $1, event_id, event_timestamp, sequence FROM inserted
    ON CONFLICT (dataset, event_id) DO UPDATE
        SET event_timestamp = excluded.event_timestamp, sequence = excluded.sequence
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
